"""Text without shops: normalise, segment, language, sentences, numbers and units."""
