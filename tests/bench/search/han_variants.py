"""`python -m tests.bench.search.han_variants`: write the table of Han characters that are one in a search.

Simplified and traditional forms come from the transliterator Traditional-Simplified of ICU
(`uconv` of the package icu-devtools). Japanese forms are listed here.
"""

import subprocess
from collections import defaultdict
from typing import Final

from reader.model.letter_variants import HAN_TABLE

_HAN: Final = ((0x3400, 0x4DC0), (0x4E00, 0xA000))
_JAPANESE: Final = """
亜亞 悪惡 圧壓 囲圍 医醫 壱壹 隠隱 栄榮 営營 衛衞 駅驛 円圓 塩鹽 縁緣 応應 欧歐 殴毆 桜櫻 奥奧 横橫 温溫 穏穩 仮假
価價 画畫 会會 絵繪 壊壞 懐懷 概槪 拡擴 殻殼 覚覺 学學 岳嶽 楽樂 渇渴 巻卷 陥陷 勧勸 寛寬 関關 歓歡 観觀 気氣 帰歸
器噐 偽僞 戯戲 犠犧 旧舊 拠據 挙擧 虚虛 峡峽 挟挾 狭狹 郷鄕鄉 暁曉 駆驅 区區 勲勳 薫薰 径徑 恵惠 掲揭 渓溪 経經 継繼
茎莖 蛍螢 軽輕 鶏鷄雞 芸藝 撃擊 県縣 倹儉 剣劍劒劔釼 険險 圏圈 検檢 権權 献獻 研硏 顕顯 験驗 厳嚴 広廣 恒恆 鉱鑛礦 号號
国國圀 黒黑 済濟 砕碎 斎齋 斉齊 剤劑 雑雜 参參 桟棧 蚕蠶 惨慘 賛贊 残殘 糸絲 歯齒 児兒 辞辭 湿濕 実實 写寫 釈釋 寿壽
収收 従從 渋澁 獣獸 縦縱 粛肅 処處 緒緖 叙敍敘 将將 称稱 焼燒 奨奬獎 条條 状狀 乗乘 浄淨 剰剩 畳疊 縄繩 壌壤 嬢孃 譲讓
醸釀 触觸 嘱囑 真眞 寝寢 慎愼 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 静靜 摂攝 窃竊 専專 戦戰 浅淺
潜潛 繊纖 践踐 銭錢 禅禪 双雙 壮壯 争爭 荘莊 捜搜 挿插 巣巢 装裝 総總 騒騷 増增 臓臟 蔵藏 属屬 続續 堕墮 対對 体體
帯帶 滞滯 滝瀧 択擇 沢澤 担擔 胆膽 団團 弾彈 断斷 痴癡 遅遲 昼晝 虫蟲 鋳鑄 庁廳 徴徵 聴聽 鎮鎭 逓遞 鉄鐵 転轉 点點
伝傳 党黨 盗盜 灯燈 当當 闘鬪鬥 徳德 独獨 読讀 届屆 弐貳 脳腦 覇霸 廃廢 拝拜 売賣 麦麥 発發 髪髮 抜拔 蛮蠻 秘祕 浜濱濵
払拂 仏佛 並竝 併倂 変變 辺邊邉 舗舖 宝寶寳 褒襃 豊豐 翻飜 毎每 万萬 満滿 黙默 訳譯 薬藥 与與 誉譽 揺搖 様樣 謡謠 来來
頼賴 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 塁壘 励勵 礼禮 霊靈 齢齡 恋戀 炉爐 労勞 楼樓 録錄 湾灣 亀龜 遥遙 尭堯 桧檜 祢禰
歩步 産產 説說 鋭銳 税稅 脱脫 閲閱 悦悅 戸戶 涙淚 内內 黄黃 呉吳 娯娛 郎郞 頬頰 巌巖 晋晉 槙槇 瓶甁 歳歲 巓巔 曽曾
高髙 崎﨑嵜 島嶋嶌 富冨 峰峯 館舘 淵渕 薮藪 桑桒 隣鄰 裏裡 群羣 略畧 鉢缽 杯盃 村邨 船舩 松枩 野埜 蕊蘂 靭靱 鉤鈎 着著
匯滙 線綫 回囘 迹跡蹟 効效 勅敕 煙烟 泪淚
"""
"""Japanese forms, each with the one that was taught before 1946 or another spelling of names."""
_ALSO: Final = (("锺", "鍾"), ("馀", "餘"), ("讬", "託"))
"""Simplified forms of which ICU has another."""


def _simplified() -> dict[str, str]:
    """Return the simplified form of each traditional character."""
    signs = [chr(code) for first, beyond in _HAN for code in range(first, beyond)]
    command = ["uconv", "-x", "Traditional-Simplified", "-f", "utf8", "-t", "utf8"]
    done = subprocess.run(command, input="\n".join(signs).encode(), capture_output=True, check=True)
    forms = dict(zip(signs, done.stdout.decode().split("\n"), strict=True))
    # 苧 and 苎 are each the other's.
    return {sign: form for sign, form in forms.items() if sign != form and sign != "苎"}


def groups() -> list[str]:
    """Return the characters that are one in a search, each group with the form kept first."""
    simplified = _simplified()
    root: dict[str, str] = {}

    def find(sign: str) -> str:
        while sign in root:
            sign = root[sign]
        return sign

    pairs = [*simplified.items(), *_ALSO]
    pairs += [(sign, group[0]) for group in _JAPANESE.split() for sign in group[1:]]
    for sign, form in pairs:
        one, other = find(sign), find(form)
        if one != other:
            # A simplified form stays; Japanese ones that Chinese does not have go.
            kept, gone = (one, other) if one in simplified.values() else (other, one)
            root[gone] = kept
    joined: dict[str, str] = defaultdict(str)
    for sign in sorted(root):
        joined[find(sign)] += sign
    return [kept + others for kept, others in sorted(joined.items())]


if __name__ == "__main__":
    HAN_TABLE.write_text("".join(f"{group}\n" for group in groups()), "utf-8")
