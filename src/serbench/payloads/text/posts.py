# ruff: noqa: RUF001 - text of many scripts, whose letters and marks look like others
"""What people post: in Latin letters, in Chinese, Japanese, Korean and Hindi, and from right to left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.payloads.base import chance, pick, some
from serbench.payloads.text.words import listed, paragraph, phrases, sentences

if TYPE_CHECKING:
    from random import Random

POSTS = {
    "en": phrases(
        """
        {opener} {thing} {did} and {feeling}.
        {opener} {feeling}!
        hot take: {thing} is better than {thing}, {reason}.
        can somebody explain why {thing} {did}?
        {time} I finally {achieved}, {reason}.
        I used to think {thing} was overrated; {time} {thing} {did} and {feeling}.
        Thread: what I learned when I {achieved}. First of all, {reason}.
        """,
        opener="Not going to lie,|So, good news:|Reminder:|Plot twist:|Unpopular opinion, but|Update:|OK so|Friends,",
        thing="the night train|my sourdough|our tiny garden|the new espresso machine|a good bookshop|the old library|"
        "this keyboard|the 6 am ferry|a handwritten letter|the second season|my neighbour's cat",
        did="stopped working again|made everyone laugh|turned out to be perfect|took three hours|smells like summer|"
        "got a standing ovation|just disappeared|cost less than a sandwich",
        feeling="I have no regrets|I might cry a little|nobody believes me|we are all still talking about it|"
        "I would do it again tomorrow|my phone died before I got a picture|that is all I wanted to say",
        time="after two years|last night|this morning|on the way home|for the first time in ages|yesterday",
        achieved="ran ten kilometres|finished the quilt|fixed the bike myself|read the whole trilogy|"
        "learned to make dumplings|moved my website off that platform",
        reason="and it is not even close|mostly because of the people|which says a lot about me|trust me on this|"
        "but do not tell my mother|and the view was worth it",
    ),
    "es": phrases(
        """
        {time} {who} {deed} y {ending}.
        No sé vosotros, pero {time} {who} {deed}.
        ¿Alguien más piensa que {opinion}? {time} {who} {deed}.
        Recordatorio: {opinion}. ¡Y {ending}!
        """,
        time="esta mañana|anoche|por fin, después de tantos años,|el domingo|a las tres de la madrugada",
        who="mi abuela|el vecino del quinto|una niña en el autobús|mi hermano|la señora de la panadería",
        deed="cantó una canción entera|me regaló un limonero|arregló la radio|ganó al ajedrez|bailó en la cocina",
        ending="casi lloro de la risa|nadie se lo cree|aún lo estoy pensando|mañana lo repetimos|hubo silencio",
        opinion="el café sabe mejor junto al mar|los lunes deberían empezar a mediodía|leer en el tren es un lujo|"
        "no hay nada como la tortilla de casa",
    ),
    "de": phrases(
        """
        {who} hat {time} {deed}, und {ending}.
        Ich sag’s ja nur: {opinion}.
        {opinion} – {who} hat {time} {deed}.
        Wer hätte gedacht, dass {clause}? Jedenfalls: {ending}.
        """,
        who="meine Nachbarin|der Bäcker an der Ecke|unser Hund|mein Bruder|die neue Kollegin|der Schaffner",
        time="heute früh|schon wieder|gestern Abend|zum dritten Mal|mitten in der Nacht",
        deed="den Schlüssel verloren|Pflaumenkuchen gebacken|über den Fahrplan geschimpft|den ganzen Flur gestrichen",
        ending="alle haben gelacht|jetzt ist wieder Ruhe|ich bin begeistert|das glaubt mir keiner|es gibt noch Kuchen",
        opinion="Regen ist auch nur Wetter|ohne Frühstück geht gar nichts|Züge sind die besseren Büros|"
        "früher war mehr Straßenbahn",
        clause="Schrebergärten wieder in Mode sind|man im Zug so gut schläft|Öl auf Wasser so schön aussieht",
    ),
    "fr": phrases(
        """
        {time}, {who} {deed} et {ending}.
        Petit rappel : {opinion}.
        {opinion}, non ? {time}, {who} {deed}.
        """,
        time="ce matin|hier soir|dans le métro|à la boulangerie|sous la pluie|après dix ans",
        who="ma grand-mère|un inconnu|le chat des voisins|mon collègue|la libraire",
        deed="a chanté à tue-tête|m’a offert des cerises|a gagné aux échecs|s’est endormi sur mon épaule|a tout réparé",
        ending="j’en ris encore|personne ne me croit|c’était parfait|il a fallu courir|le café a refroidi",
        opinion="la vie est trop courte pour du mauvais pain|les marchés sont plus beaux en hiver|"
        "on n’écoute jamais assez les enfants|le train de nuit, c’est déjà le voyage",
    ),
    "ja": phrases(
        """
        {place}で{thing}を{deed}。{comment}
        今日は{weather}ので、{plan}。{comment}
        {thing}を{deed}。写真はあとで載せます。
        """,
        place="駅前の喫茶店|近所の公園|神保町の古本屋|京都の小さな店|実家|夜の港",
        thing="珍しい古本|手作りのパン|昔のカメラ|季節限定のケーキ|祖父の腕時計|小さな絵",
        deed="見つけた|友達に見せてもらった|ついに手に入れた|落としそうになった",
        comment="とても嬉しい！|また来週も行きたい。|みんなにもおすすめしたい。|あっという間の一日だった。",
        weather="雨が降っている|とても暖かい|風が強い|久しぶりに晴れた",
        plan="家でゆっくり本を読みます|川沿いを散歩しようと思う|カレーを作ることにした|早めに帰ります",
    ),
    "zh": phrases(
        """
        {time}在{place}{deed}，{comment}。
        如果{condition}，{outcome}！{comment}。
        {deed}之后才明白：{wisdom}。
        """,
        time="今天|昨晚|周末|刚才|下班以后",
        place="公司楼下的咖啡馆|老城区|图书馆三楼|西湖边|朋友家",
        deed="遇到了多年不见的同学|吃到了特别好吃的面|拍了好多照片|读完了一本小说|学会了包饺子",
        comment="心情一下子好了起来|强烈推荐给大家|时间过得真快|下次还想再来|有点累但是很值得",
        condition="明天不下雨|有人愿意一起去|还能买到票|今年能放假",
        outcome="我们就去爬山|一定要早点出发|晚上一起吃火锅|我请大家喝奶茶",
        wisdom="慢一点也没关系|好的东西值得等|家里的味道最难忘|旅行不在于走多远",
    ),
    "ar": phrases(
        """
        {time} {deed} في {place}، {comment}.
        {deed} {time}، {comment} 🌙
        سؤال: هل زرتم {place} من قبل؟ {comment}.
        """,
        time="اليوم|مساء أمس|صباح الجمعة|قبل قليل",
        deed="قرأت كتابًا جميلًا|شربت قهوة رائعة|التقيت بصديق قديم|التقطت صورًا كثيرة|تعلمت وصفة جديدة",
        place="المقهى القديم|الحديقة العامة|سوق المدينة|مكتبة الحي|بيت جدتي",
        comment="وكان الجو لطيفًا|وأنصحكم بالتجربة|ولم أشعر بمرور الوقت|والحمد لله على كل شيء",
    ),
    "he": phrases(
        """
        {time} {deed} {place}, {comment}.
        {deed} {time}, {comment}!
        """,
        time="היום|אתמול בערב|ביום שישי בבוקר|לפני שעה",
        deed="קראתי ספר נהדר|שתיתי קפה מצוין|פגשתי חבר ותיק|צילמתי המון תמונות|למדתי מתכון חדש",
        place="בבית הקפה בפינה|בפארק|בשוק|בספרייה השכונתית|אצל סבתא",
        comment="והיה ממש כיף|שווה לנסות|לא הרגשתי איך הזמן עבר|ומזג האוויר היה מושלם",
    ),
    "ko": phrases(
        """
        {place}에서 {deed}. {comment}
        {time} {deed}! {comment}
        """,
        place="동네 카페|한강 공원|오래된 서점|회사 앞 식당|할머니 댁",
        deed="오랜만에 친구를 만났다|정말 맛있는 국수를 먹었다|책 한 권을 다 읽었다|사진을 잔뜩 찍었다",
        comment="기분이 아주 좋다!|다음 주에 또 가고 싶다.|시간이 어떻게 갔는지 모르겠다.|다들 한번 가 보세요.",
        time="오늘 아침에|주말에|어제 저녁에|퇴근하고 나서",
    ),
    "hi": phrases(
        """
        {time} {place} में {deed}, {comment}।
        {deed}! {comment}।
        """,
        time="आज|कल शाम|रविवार को|बहुत दिनों बाद",
        place="पुराने बाज़ार|पास के पार्क|दिल्ली की एक छोटी दुकान|पुस्तकालय",
        deed="एक पुराने दोस्त से मुलाक़ात हुई|बहुत स्वादिष्ट चाय मिली|एक बढ़िया किताब मिली",
        comment="मन खुश हो गया|समय का पता ही नहीं चला|आप भी ज़रूर जाइए|मज़ा आ गया",
    ),
}
"""Grammars by language (ISO 639)."""

EMOJI = listed(
    "🎉 | 😂 | ❤️ | 🙏🏽 | 👩‍💻 | 🇯🇵 | 🔥 | 🥲 | ☕️ | 🌸 | ✨ | 👀 | 🐈‍⬛ | 🫠 | 🏳️‍🌈 | 👍🏿 | 🚲 | 🥟 | 🌧️ | 💯"
)
HASHTAGS = {
    "en": listed("photography | slowtravel | sourdough | booksky | morningrun | nowplaying | catsofthefeed"),
    "es": listed("buenosdías | fotografía | cocina | lecturas"),
    "de": listed("Feierabend | Straßenfotografie | Zugfahren | Kuchen"),
    "fr": listed("matin | photographie | lecture | trainDeNuit"),
    "ja": listed("今日のコーヒー | 読書 | カメラ | 散歩"),
    "zh": listed("周末 | 美食 | 读书 | 旅行"),
    "ar": listed("قهوة | قراءة | تصوير | صباح_الخير"),
    "he": listed("קפה | ספרים | צילום"),
    "ko": listed("일상 | 독서 | 맛집"),
    "hi": listed("चाय | किताबें | सुप्रभात"),
}
"""Hashtags by language."""


class Texts:
    """Texts of posts, from pools of sentences that are made once for each language."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.pools = {language: sentences(rng, grammar, 600) for language, grammar in POSTS.items()}

    def line(self, language: str) -> str:
        """One sentence."""
        return pick(self.rng, self.pools[language])

    def text(self, language: str, low: int, high: int) -> str:
        """Low to high sentences, often with emoji at the end."""
        space = "" if language in ("ja", "zh") else pick(self.rng, (" ", " ", "\n\n"))
        emoji = "".join(some(self.rng, EMOJI, pick(self.rng, (1, 1, 2, 3)))) if chance(self.rng, 0.55) else ""
        return paragraph(self.rng, self.pools[language], low, high, space) + emoji
