"""The demo's people and shops: all invented, with numbers from ranges kept for fiction where a country has them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from vcardapp.cards.content import Address, Content, Email, Hours, Link, Phone, Span, SpecialDay, Website
from vcardapp.design.design import Design


@dataclass(frozen=True, slots=True)
class DemoCard:
    slug: str
    subject: str  # whose pictures pictures.py draws; "" for none
    content: Content
    state: str = "published"  # or draft, changed, paused, deleted


def demo_cards(today: date) -> list[DemoCard]:
    """Return the demo's cards; `today` places the exceptions in their hours."""
    soon, later = (today + timedelta(days=days) for days in (9, 40))
    return [
        DemoCard("maria", "maria", maria(soon, later)),
        DemoCard("مخبز-الياسمين", "jasmine", _wearing("crumb", bakery(soon))),
        DemoCard("dana", "dana", _wearing("clinic", dana(soon, later))),
        DemoCard("山田太郎", "taro", _wearing("clay", yamada(later))),
        DemoCard("somchai", "somchai", _wearing("harbour", somchai())),
        DemoCard("अनन्या-शर्मा", "ananya", _wearing("salon", ananya(soon))),
        DemoCard("kellner", "kellner", _wearing("workshop", kellner(soon, later)), state="changed"),
        DemoCard("ngozi", "ngozi", _wearing("stage", ngozi())),
        DemoCard("glace", "", _wearing("kiosk", ice_cream()), state="paused"),
        DemoCard("", "", Content(display_name="Book club", headline="We read slowly.", language="en"), state="draft"),
        DemoCard("", "", Content(display_name="Maria, before the move", language="en"), state="deleted"),
    ]


def _wearing(theme: str, content: Content) -> Content:
    return replace(content, design=Design(theme))


def _week(*days: str) -> tuple[tuple[Span, ...], ...]:
    """Read seven days, Monday first, such as "9:00-12:00 14:00-18:00" or ""."""
    return tuple(tuple(Span(*(end.zfill(5) for end in span.split("-"))) for span in day.split()) for day in days)


def _links(**handles: str) -> tuple[Link, ...]:
    return tuple(Link(network.replace("_", "-"), handle) for network, handle in handles.items())


def _closed(day: date, note: str) -> SpecialDay:
    return SpecialDay(day.isoformat(), (), note)


def maria(soon: date, later: date) -> Content:
    return Content(
        display_name="Maria O'Connor-Núñez", given="Maria", family="O'Connor-Núñez", suffix="RIBA", pronouns="she/her",
        headline="Small houses with a lot of light.", title="Architect", company="Patio & Plan",
        department="Housing", country="GB", time_zone="Europe/London", language="en",
        photo_alt="Maria with round glasses before a floor plan",
        about="I turn narrow plots and dark terraces into homes that you **want to come back to**.\n\n"
        "- New houses and extensions\n- Listed buildings\n- A first visit that costs nothing\n\n"
        "*También hablo español.*",
        phones=(Phone("+44 7700 900162", "mobile"), Phone("+44 20 7946 0162", "work"), Phone("+44 20 7946 0163", "fax")),
        emails=(Email("maria@patio.example.com"), Email("maria@home.example.org", "home", hidden=True)),
        addresses=(
            Address("Unit 7, The Brickworks\n42 Invented Lane", "London", "", "E8 0ZZ", "United Kingdom"),
            Address("Calle Inventada 3, 2.º B", "Sevilla", "", "41000", "España", "other"),
        ),
        websites=(Website("https://patio.example.com/"), Website("https://patio.example.com/houses", "work", "Houses")),
        links=_links(
            linkedin="in/maria-example", instagram="patio.example", whatsapp="+447700900162", pinterest="patioexample",
            behance="patioexample", youtube="@patioexample", signal="+447700900162", vimeo="patioexample",
        ),
        hours=Hours(
            _week(*["9:00-17:30"] * 4, "9:00-13:00", "", ""),
            (_closed(soon, "On site in Seville"), SpecialDay(later.isoformat(), (Span("14:00", "20:00"),), "Open studio")),
        ),
        birthday="--05-17", hidden=("birthday",), note="Ring twice, the door is heavy.",
    )  # fmt: skip


def bakery(soon: date) -> Content:
    return Content(
        is_company=True, display_name="مخبز الياسمين", company="مخبز الياسمين", headline="خبز ساخن كل صباح منذ عام 1984.",
        country="JO", time_zone="Asia/Amman", language="ar", photo_alt="أرغفة خبز في فرن حجري وحوله بلاط بأزهار الياسمين",
        about="نخبز **الخبز البلدي** والمناقيش وكعك السمسم في فرن حجري، ونبدأ قبل الفجر.\n\n"
        "- مناقيش بالزعتر والجبنة\n- كعك بالسمسم\n- معمول بالتمر والجوز في الأعياد\n\nاطلب قبل الظهر واستلم في اليوم نفسه.",
        phones=(Phone("06 555 0123", "work"), Phone("+962 7 9555 0123", "mobile")),
        emails=(Email("salam@yasmin.example.com"), Email("orders@yasmin.example.com", "other")),
        addresses=(Address("شارع الياسمين 14، جبل اللويبدة", "عمّان", "", "11191", "الأردن"),),
        websites=(Website("https://yasmin.example.com/"),),
        links=_links(
            whatsapp="+962795550123", instagram="yasmin.example", facebook="yasmin.example", tiktok="yasmin.example",
            snapchat="yasminexample", telegram="yasmin_example", x="yasmin_example",
        ),
        hours=Hours(
            _week(*["5:30-14:00 16:00-21:30"] * 4, "6:00-11:00", *["5:30-21:30"] * 2),
            (SpecialDay(soon.isoformat(), (Span("16:00", "02:00"),), "ليلة العيد"),),
        ),
        note="الموقف خلف المخبز.",
    )  # fmt: skip


def dana(soon: date, later: date) -> Content:
    return Content(
        display_name="דנה כהן-לוי", given="דנה", family="כהן-לוי", prefix="ד״ר", pronouns="היא",
        headline="תנועה בלי כאב, בכל גיל.", title="פיזיותרפיסטית", company="הקליניקה בכרמל", role="מנהלת מקצועית",
        country="IL", time_zone="Asia/Jerusalem", language="he", photo_alt="דנה, תלתלים סגולים וחולצה ירוקה",
        about="טיפול אישי בכאבי גב, צוואר וברכיים, שיקום אחרי ניתוח וליווי של רצים.\n\n"
        "**בפגישה הראשונה** מקשיבים, בודקים ובונים יחד תוכנית.\n\nהכניסה נגישה, בלי מדרגות.",
        phones=(Phone("04-855-5012", "work"), Phone("050-555-0123", "mobile"), Phone("04-855-5013", "fax")),
        emails=(Email("dana@carmel.example.com"), Email("clinic@carmel.example.com")),
        addresses=(Address("שדרות הדמיון 25, קומה 2", "חיפה", "", "3400000", "ישראל"),),
        websites=(Website("https://carmel.example.com/"),),
        links=_links(
            whatsapp="+972505550123", linkedin="in/dana-example", facebook="carmel.example", calendly="dana-example",
            instagram="carmel.example", youtube="@carmelexample",
        ),
        hours=Hours(
            _week("8:00-13:00 15:00-19:00", "8:00-13:00", "8:00-13:00 15:00-19:00", "8:00-13:00", "8:00-12:00", "",
                  "8:00-13:00 15:00-19:00"),
            (_closed(soon, "ערב חג"), _closed(later, "יום השתלמות")),
        ),
    )  # fmt: skip


def yamada(later: date) -> Content:
    return Content(
        display_name="山田太郎", given="太郎", family="山田", phonetic_given="タロウ", phonetic_family="ヤマダ",
        headline="土と火と、毎日の器。", title="陶芸家", company="山田窯", country="JP", time_zone="Asia/Tokyo",
        language="ja", photo_alt="茶碗を両手に持つ山田太郎",
        about="岡山の小さな窯で、**日々の食卓のための器**をつくっています。\n\n"
        "薪窯での焼成は年に二回。工房の見学は予約制です。\n\n"
        "1. お電話かメールでご連絡ください\n2. 日時を決めます\n3. お茶をご用意して待っています",
        phones=(Phone("086-955-0123", "work"), Phone("090-5555-0123", "mobile")),
        emails=(Email("taro@yamada.example.com"),),
        addresses=(Address("架空町1丁目2-3", "備前市", "岡山県", "705-0000", "日本"),),
        websites=(
            Website("https://yamada.example.com/"), Website("https://yamada.example.com/shop", "work", "オンラインショップ"),
        ),
        links=_links(
            line="@yamada-example", instagram="yamada.example", x="yamada_example", youtube="@yamadaexample",
            pinterest="yamadaexample", threads="yamada.example", etsy="YamadaExample", facebook="yamada.example",
        ),
        hours=Hours(
            _week("", *["10:00-17:00"] * 4, "10:00-18:00", "10:00-18:00"),
            (SpecialDay(later.isoformat(), (Span("09:00", "12:00"),), "窯出し"),),
        ),
        birthday="1968-11-03",
    )  # fmt: skip


def somchai() -> Content:
    return Content(
        display_name="สมชาย ใจดี", given="สมชาย", family="ใจดี", nickname="ชาย", pronouns="he/him",
        headline="เกาะสวย น้ำใส และพระอาทิตย์ตกบนเรือหางยาว", title="มัคคุเทศก์ทางทะเล", company="เรือช้าอันดามัน",
        country="TH", time_zone="Asia/Bangkok", language="th", photo_alt="สมชายยิ้มใต้หมวกสาน ริมทะเลยามเย็น",
        about="พาเที่ยวหมู่เกาะกระบี่แบบ *ไม่รีบ* กลุ่มเล็กไม่เกินหกคน พูดไทย อังกฤษ และจีนได้\n\n"
        "- ดำน้ำตื้นและหาดที่ไม่มีใคร\n- อาหารทะเลจากครัวของแม่\n- ชมพระอาทิตย์ตกกลางทะเล\n\n**English and 中文 spoken.**",
        phones=(Phone("081 555 0123", "mobile"), Phone("075 555 012", "work")),
        emails=(Email("somchai@slow.example.com"),),
        addresses=(Address("99/9 ถนนสมมติ ตำบลอ่าวนาง", "เมืองกระบี่", "กระบี่", "81000", "ประเทศไทย"),),
        websites=(Website("https://slow.example.com/"),),
        links=_links(
            line="somchai.example", whatsapp="+66815550123", facebook="somchai.example", instagram="somchai.example",
            wechat="somchai_example", tiktok="somchai.example", tripadvisor="https://www.tripadvisor.com/Profile/example",
            youtube="@somchaiexample", telegram="somchai_example",
        ),
        hours=Hours(_week(*["6:00-19:00"] * 7)),
        note="ทะเบียนมัคคุเทศก์เลขที่ 00-00000",
    )  # fmt: skip


def ananya(soon: date) -> Content:
    return Content(
        display_name="अनन्या शर्मा", given="अनन्या", family="शर्मा", headline="नाप से सिले कपड़े, जो बरसों साथ चलें।",
        title="दर्ज़ी और डिज़ाइनर", company="धागा स्टूडियो", country="IN", time_zone="Asia/Kolkata", language="hi",
        photo_alt="बालों में गजरा लगाए अनन्या",
        about="जयपुर में हाथ की छपाई वाले सूती और रेशमी कपड़ों से **आपकी नाप के** कुर्ते, लहंगे और शेरवानी।\n\n"
        "- पहली नाप मुफ़्त\n- सात दिन में तैयार\n- पुराने कपड़ों की मरम्मत",
        phones=(Phone("099555 00123", "mobile"), Phone("0141 555 0123", "work")),
        emails=(Email("ananya@dhaga.example.com"), Email("orders@dhaga.example.com", "other")),
        addresses=(Address("दुकान 12, काल्पनिक बाज़ार, बापू नगर", "जयपुर", "राजस्थान", "302015", "भारत"),),
        websites=(Website("https://dhaga.example.com/"),),
        links=_links(
            whatsapp="+919955500123", instagram="dhaga.example", facebook="dhaga.example", youtube="@dhagaexample",
            pinterest="dhagaexample", telegram="dhaga_example",
        ),
        hours=Hours(
            _week(*["10:30-19:30"] * 5, "10:30-21:00", ""),
            (_closed(soon, "दीवाली की छुट्टी"),),
        ),
    )  # fmt: skip


def kellner(soon: date, later: date) -> Content:
    return Content(
        is_company=True, display_name="Kellner & Söhne", company="Kellner & Söhne Fahrradwerkstatt GmbH & Co. KG",
        headline="Räder, die wieder laufen. Seit 1898.", country="DE", time_zone="Europe/Berlin", language="de",
        photo_alt="Ein K in einem Zahnkranz",
        about="Wir reparieren in vierter Generation **jedes Fahrrad**, auch das vom Großvater.\n\n"
        "1. Sie bringen es vorbei, ohne Termin\n2. Wir nennen den Festpreis\n3. Am nächsten Tag fährt es wieder\n\n"
        "Ausbildungsplätze ab August frei.",
        phones=(Phone("040 66969123", "work"), Phone("0171 3920050", "mobile"), Phone("040 66969124", "fax")),
        emails=(Email("werkstatt@kellner.example.com"), Email("buchhaltung@kellner.example.com", "other")),
        addresses=(
            Address("Musterdeich 17", "Hamburg", "", "20000", "Deutschland"),
            Address("Lager, Beispielweg 4", "Lüneburg", "", "21300", "Deutschland", "other"),
        ),
        websites=(Website("https://kellner.example.com/"),),
        links=_links(
            xing="Kellner_Example", linkedin="company/kellner-example", instagram="kellner.example",
            facebook="kellner.example", mastodon="kellner@social.example.org", whatsapp="+491713920050",
            youtube="@kellnerexample", pinterest="kellnerexample", google_review="r/kellner-example",
        ),
        hours=Hours(
            _week(*["7:00-12:00 12:45-16:30"] * 4, "7:00-13:00", "", ""),
            (_closed(soon, "Betriebsausflug"), _closed(later, "Inventur")),
        ),
        note="Bitte durch den Hof, die Klingel ist eine Fahrradklingel.",
    )  # fmt: skip


def ngozi() -> Content:
    return Content(
        display_name="Ngozi", pronouns="they/them", headline="Songs for the last bus home.", title="Singer and bassist",
        country="GB", time_zone="Europe/London", language="en",
        about="New record **Night Bus** out now. For concerts please write to my booking address.",
        phones=(Phone("0161 496 0162", "work"),),
        emails=(Email("hello@ngozi.example.net"), Email("booking@ngozi.example.net", "work")),
        websites=(Website("https://ngozi.example.net/"), Website("https://ngozi.example.net/tour", "other", "Tour")),
        links=_links(
            spotify="artist/NgoziExample", apple_music="https://music.apple.com/artist/ngozi-example",
            bandcamp="ngozi-example", soundcloud="ngozi-example", youtube="@ngoziexample", deezer="ngozi-example",
            lastfm="NgoziExample", instagram="ngozi.example", tiktok="ngozi.example", threads="ngozi.example",
            bluesky="ngozi.example.net", mastodon="ngozi@social.example.org", facebook="ngozi.example",
            x="ngozi_example", snapchat="ngoziexample", twitch="ngoziexample", vimeo="ngoziexample",
            discord="ngoziexample", telegram="ngozi_example", whatsapp_group="channel/NgoziExample",
            patreon="ngoziexample", ko_fi="ngoziexample", buymeacoffee="ngoziexample", paypal="ngoziexample",
            substack="ngozi-example", medium="ngoziexample", tumblr="ngozi-example", pinterest="ngoziexample",
            reddit="r/ngoziexample", letterboxd="ngoziexample",
        ),
    )  # fmt: skip


def ice_cream() -> Content:
    return Content(
        is_company=True, display_name="Glace au Coin", company="Glace au Coin", country="FR", time_zone="Europe/Paris",
        headline="Seize parfums, de mai à septembre.", language="fr", emails=(Email("bonjour@glace.example.com"),),
        addresses=(Address("1 place Imaginaire", "Nantes", "", "44000", "France"),),
        links=_links(instagram="glace.example", facebook="glace.example"),
        hours=Hours(_week("", *["14:00-22:00"] * 6)),
    )  # fmt: skip
