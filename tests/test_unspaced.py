"""Text without spaces between its words, and words with particles behind them, are found by words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Make, Run

# What a lesson says, and words that somebody asks who has the problem.
KOREAN = [
    ("공장에서 배송이 늦어져 고객이 불만을 말했다", ["공장", "배송은", "고객을", "불만"]),
    ("브로슈어에 오류가 있어서 다시 인쇄했다", ["브로슈어", "오류를", "인쇄"]),
    ("데이터베이스를 복구하는 데 이틀이 걸렸다", ["데이터베이스", "데이터베이스가", "이틀"]),
    ("서버의 메모리가 부족해서 예약이 실패했다", ["서버", "메모리를", "예약"]),
    ("물이 창고로 들어와 상자를 버렸다", ["물", "창고", "상자가"]),
    ("딜러들은 계약서를 찾지 못했다", ["딜러", "계약서", "계약서는"]),
    ("API를 바꾸자 결제가 멈췄다", ["API", "결제는"]),
    ("교육을 받은 지역에서는 매출이 올랐다", ["교육", "지역", "매출을"]),
    ("예산은 학습부서에서 나왔다", ["예산", "학습부서"]),
    ("경영진의 지원이 없어서 계획이 중단되었다", ["경영진", "지원을", "계획은"]),
    ("로켓의 연료 탱크가 새었다", ["로켓", "연료", "탱크"]),
    ("시험 장비의 전압이 너무 높았다", ["장비", "전압은"]),
]
OTHERS = [
    ("宣传册里有很多错误,需要重新印刷", ["宣传册", "错误", "印刷"]),
    ("数据库备份失败导致订单丢失", ["数据库", "备份", "订单"]),
    ("仓库的水管破裂了", ["仓库", "水", "水管"]),
    ("パンフレットの誤りを印刷前に見つけた", ["パンフレット", "誤り", "印刷前"]),
    ("サーバーのメモリ不足で予約が失敗した", ["サーバー", "メモリ", "予約"]),
    ("โบรชัวร์มีข้อผิดพลาดก่อนพิมพ์", ["โบรชัวร์", "ข้อผิดพลาด", "พิมพ์"]),
    ("ฐานข้อมูลล่มเพราะหน่วยความจำไม่พอ", ["ฐานข้อมูล", "หน่วยความจำ"]),
    ("ແຜ່ນພັບມີຂໍ້ຜິດພາດ", ["ແຜ່ນພັບ", "ຜິດພາດ"]),
    ("ຖານຂໍ້ມູນເສຍຫາຍ", ["ຖານຂໍ້ມູນ"]),
    ("ខិត្តប័ណ្ណមានកំហុសច្រើន", ["ខិត្តប័ណ្ណ", "កំហុស"]),
    ("មូលដ្ឋានទិន្នន័យខូច", ["ទិន្នន័យ"]),
    ("လက်ကမ်းစာစောင်တွင်အမှားများရှိသည်", ["လက်ကမ်းစာစောင်", "အမှား"]),
    ("ဒေတာဘေ့စ်ပျက်သွားသည်", ["ဒေတာဘေ့စ်"]),
    ("Kubernetes集群升级后服务无法启动", ["Kubernetes", "集群", "集群升级 Kubernetes"]),
]
ASKED = [(number, query) for number, (_, queries) in enumerate(KOREAN + OTHERS) for query in queries]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, static_model: Path) -> Path:
    root = tmp_path_factory.mktemp("unspaced")
    (root / "lessons").mkdir()
    (root / "kb.toml").write_text(f'[model]\nname = "{static_model}"\n')
    for number, (said, _) in enumerate(KOREAN + OTHERS):
        (root / "lessons" / f"{number}.md").write_text(f"---\ntitle: Case {number}\n---\n{said}.\n", "utf-8")
    return root


@pytest.mark.parametrize(("number", "query"), ASKED)
def test_a_word_within_a_sentence_leads_to_it(base: Path, kb: Run, number: int, query: str) -> None:
    done = kb(base, "search", "--json", "--all", "--mode", "lexical", query)
    assert json.loads(done.out)["hits"][0]["id"] == str(number)


def test_a_phrase_of_characters_is_a_phrase(indexed: Make, kb: Run) -> None:
    root = indexed({"a.md": "# A\n\n数据库备份失败\n", "b.md": "# B\n\n失败的备份数据库\n"})
    done = kb(root, "search", "--json", "--all", "--mode", "lexical", '"备份失败"')
    assert [hit["id"] for hit in json.loads(done.out)["hits"]] == ["a"]


MIXED = {
    "Die 发动机 failed при запуске ракеты": ["发动机 failed", "запуске", "ракеты 发动机", "Die 发动机"],
    "API를 바꾸자 the チェックアウト stopped": ["API를 stopped", "チェックアウト", "API stopped チェックアウト"],
    "σύστημα 支付系统 crashed בזמן העדכון": ["支付系统 crashed", "σύστημα", "העדכון", "支付系统 σύστημα העדכון"],
}


@pytest.mark.parametrize("mode", ["hybrid", "lexical"])
@pytest.mark.parametrize(("said", "queries"), MIXED.items())
def test_a_sentence_in_several_scripts_is_found_by_a_word_of_each(
    indexed: Make, kb: Run, mode: str, said: str, queries: list[str]
) -> None:
    others = {f"{number}.md": f"# {number}\n\n{other}.\n" for number, (other, _) in enumerate(KOREAN[:6] + OTHERS)}
    root = indexed({**others, "mixed.md": f"# Mixed\n\n{said}.\n"})
    for query in queries:
        found = json.loads(kb(root, "search", "--json", "--mode", mode, query).out)
        assert found["relevant"]
        assert found["hits"][0]["id"] == "mixed"
