"""Personal numbers in free text are covered, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reportkit.masking import find_personal, is_card_number, is_id_number, mask

CHINESE = st.text("关于镇政府信息公开的申请，。（）：；一二三\n 　ab", max_size=15)
DIGITS = "0123456789"


def _check_digit(seventeen: str) -> str:
    """Compute GB 11643's check digit from its definition: ISO 7064, MOD 11-2."""
    state = 0
    for digit in seventeen:
        state = (state + int(digit)) * 2 % 11
    rest = (1 - state) % 11
    return "X" if rest == 10 else str(rest)


def _luhn(digits: str) -> str:
    """Append Luhn's check digit."""
    for last in DIGITS:
        doubled = [int(c) * 2 if i % 2 else int(c) for i, c in enumerate(reversed(digits + last))]
        if sum(n // 10 + n % 10 for n in doubled) % 10 == 0:
            return digits + last
    raise AssertionError("there is always one")


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates()).strftime("%m%d")
    year = draw(st.integers(1900, 2025))
    area, order = draw(st.integers(110000, 659999)), draw(st.integers(0, 999))
    first = f"{area}{year}{born}{order:03}"
    return first + _check_digit(first)


PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
CARDS = st.from_regex(r"[1-9][0-9]{14,17}", fullmatch=True).map(_luhn)
LANDLINES = st.from_regex(r"0[1-9][0-9]{1,2}-[2-9][0-9]{6,7}", fullmatch=True)
MAILS = st.from_regex(r"[a-z][a-z0-9._]{0,8}@[a-z0-9]{1,6}\.(com|cn|gov\.cn)", fullmatch=True)
PLATES = st.from_regex(r"[鲁京沪][A-HJ-NP-Z]·?[A-HJ-NP-Z0-9]{4}[0-9]", fullmatch=True)


def _wide(number: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c in DIGITS else c for c in number)


@given(id_numbers())
def test_an_id_number_has_the_right_check_digit_and_no_other(number: str) -> None:
    assert is_id_number(number)
    assert is_id_number(number.lower())
    right = number[17]
    for other in DIGITS + "X":
        assert is_id_number(number[:17] + other) == (other == right)


@given(CARDS)
def test_a_card_number_has_the_right_check_digit_and_no_other(number: str) -> None:
    assert is_card_number(number)
    assert sum(is_card_number(number[:-1] + last) for last in DIGITS) == 1


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        ("身份证号", id_numbers()),
        ("手机号", PHONES),
        ("银行卡号", CARDS),
        ("电话号码", LANDLINES),
        ("电子邮箱", MAILS),
        ("车牌号", PLATES),
    ],
)
def test_a_number_is_covered_wherever_it_stands(kind: str, numbers: st.SearchStrategy[str]) -> None:
    @given(numbers, CHINESE, CHINESE)
    def covered(number: str, before: str, after: str) -> None:
        # An identity number may be a card number by chance and the other way round: it is covered.
        assume(not before[-1:].isascii() and not after[:1].isascii())
        shown = mask(f"{before}{number}{after}")
        assert number not in shown
        assert shown.startswith(before)
        assert shown.endswith(after)
        assert len(find_personal(f"{before}{number}{after}")) == 1
        if kind not in ("身份证号", "银行卡号"):
            assert shown == f"{before}［{kind}］{after}"

    covered()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("联系人电话13800138000。", "联系人电话［手机号］。"),
        ("电话１３８００１３８０００", "电话［手机号］"),
        ("138-0013-8000", "［手机号］"),
        ("+86 138 0013 8000", "［手机号］"),
        ("身份证11010519491231002X号", "身份证［身份证号］号"),
        ("身份证 110105 19491231 002x", "身份证 ［身份证号］"),
        ("ID11010519491231002X", "ID［身份证号］"),
        ("2021 11010519491231002X", "2021 ［身份证号］"),
        ("第1 6222021234567894", "第1 ［银行卡号］"),
        ("卡号6222 0212 3456 7894 7", "卡号［银行卡号］ 7"),
        ("6222 0212 3456 7894，138 0013 8000", "［银行卡号］，［手机号］"),
        ("(0535)3221234转8001", "［电话号码］转8001"),
        ("致电0535-3221234", "致电［电话号码］"),
        ("zhang.san_13800138000@example.com", "［电子邮箱］"),
        ("发至a@b.gov.cn，谢谢", "发至［电子邮箱］，谢谢"),
        ("鲁F12345停在路边", "［车牌号］停在路边"),
        ("鲁FD12345号新能源车", "［车牌号］号新能源车"),
    ],
)
def test_numbers_as_people_write_them(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "国办公开办函〔2021〕30号",
        "2021年1月1日至2021年12月31日",
        "回复12345热线工单1031件",
        "全年收费1234567.89元，比上年增长12.5%",
        "编号2021-0001至2021-0999",
        "统一编码20210612001234",
        "身份证110105194912310021",  # its check digit is wrong
        "电话号码未公布",
        "@所有人",
        "京ABCDEF公司",
        "京津冀、鲁苏皖三省",
        "",
    ],
)
def test_what_is_no_personal_number_stays(text: str) -> None:
    assert mask(text) == text
    assert find_personal(text) == []


@given(st.text(st.characters(exclude_categories=["Nd", "No", "Nl"], exclude_characters="@＠﹫")))
def test_text_without_digits_and_at_signs_is_never_changed(text: str) -> None:
    assert mask(text) == text


@given(
    st.lists(
        st.text(DIGITS + " -X@.a鲁F()+·", max_size=8)
        | PHONES
        | id_numbers()
        | CARDS
        | LANDLINES
        | MAILS
        | PLATES
        | PHONES.map(_wide),
        max_size=5,
    ).map("".join)
)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    assert mask(once) == once
    assert find_personal(once) == []


@given(st.lists(CHINESE | PHONES | MAILS, max_size=6).map("".join))
def test_what_is_found_is_what_is_covered(text: str) -> None:
    shown = mask(text)
    for kind, number in find_personal(text):
        assert f"［{kind}］" in shown
        assert number in text
    assert shown.count("［") == len(find_personal(text))
