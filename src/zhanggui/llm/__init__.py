"""One seam to language models, the local llama.cpp child, and the weights."""
