"""Product files as the platforms write them. All content is made up."""

from __future__ import annotations

SHOPIFY = """\
Title,URL handle,Description,Vendor,Product category,Type,Tags,Status,SKU,Option1 name,\
Option1 value,Option1 Linked To,Price,Inventory quantity,Weight value (grams),\
Product image URL,SEO title,SEO description
Steel Cup,steel-cup,"<p>Old ""words""</p>
<img src=""https://example.com/1.png""><table><tr><td>Capacity</td><td>500 ml</td></tr></table>",\
Haowu,,Cups,"a, b",Active,S1,Color,Red,,12.00,3,350,https://example.com/1.png,,
,steel-cup,,,,,,,S2,,Black,,12.00,4,350,,,
,steel-cup,,,,,,,,,,,,,,https://example.com/2.png,,
Pan,pan,,Haowu,,Pans,,Active,S3,Title,Default Title,,20,1,0,,Old,
"""

LEGACY = """\
Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Grams,\
Variant Inventory Qty,Variant Price,Image Src,SEO Title,SEO Description
steel-cup,Steel Cup,"<table><tr><td>Capacity</td><td>500 ml</td></tr></table>",Haowu,Cups,Color,\
Red,S1,350,3,12.00,https://example.com/1.png,,
steel-cup,,,,,,Black,S2,350,4,12.00,,,
steel-cup,,,,,,,,,,,https://example.com/2.png,,
pan,Pan,,Haowu,Pans,Title,Default Title,S3,0,1,20,,,
"""

WOO = """\
ID,Type,SKU,Name,Published,Short description,Description,Stock,Weight (kg),Regular price,\
Categories,Parent,Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,Attribute 1 global
10,variable,H,Hoodie,1,,Old,,1.5,,"Clothing > Hoodies, Sale",,Color,"Blue, Green\\, dark",1,1
11,variation,H-b,Hoodie - Blue,1,,,4,,45,,id:10,Color,Blue,,1
12,variation,H-g,Hoodie - Green,1,,,5,,45,,H,Color,"Green\\, dark",,1
,simple,CAP-1,Cap,1,,,5,,15,,,Color,Red,1,1
"""

TAOBAO = (
    "version 1.00\r\n"
    "title\tcid\tprice\tnum\tdescription\tcateProps\tskuProps\tinputPids\tinputValues\touter_id\t"
    "propAlias\tnum_id\tsubtitle\r\n"
    "宝贝名称\t宝贝类目\t宝贝价格\t宝贝数量\t宝贝描述\t宝贝属性\t销售属性组合\t用户输入ID串\t"
    "用户输入名-值对\t商家编码\t销售属性别名\t数字ID\t宝贝卖点\r\n"
    '"保温杯"\t50006298\t129.00\t50\t"<p>旧词</p><img src=""https://example.com/1.jpg"">'
    '<table><tr><td>容量</td><td>500ml</td></tr></table>"\t"20000:29534;内胆:304不锈钢"\t'
    '"129:10:A:1627207:28320"\t"20000,13021751"\t"好物;型号;X1,HW-1"\t"HW-1"\t'
    '"1627207:28320:雾灰"\t0\t""\r\n'
    '"雨伞"\t50006299\t59\t5\t""\t"20000:1;7:8"\t""\t""\t""\t"YS"\t""\t6001\t""\r\n'
)


def taobao_bytes(encoding: str = "utf-16") -> bytes:
    """The file of 淘宝助理 in one of its encodings."""
    return TAOBAO.encode(encoding)
