"""Parquet files that are damaged, or odd: refused in one line, by every way in."""

from __future__ import annotations

import zlib
from base64 import b85decode
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reportkit.errors import SourceError
from reportkit.registers.ingest.prepare import Names, prepare
from reportkit.registers.reading.files.parquet import column_chunks
from reportkit.registers.reading.files.stored import DecodedGroups, Indexes
from reportkit.registers.reading.files.tables import read_tables
from reportkit.registers.reading.files_of_folder import tables_of

HISTOGRAM = zlib.decompress(
    b85decode(
        "c-pO&O-~a+9L8tswic|)i?i;U#`GW?5`=Dft3f?XOHl-*#gL-6(rlnm3qrTWgbRrxK~bZKi9rlR5<?U*CJ<iKFTh7Ip4gU?C"
        "r_T7+3m|hSFFZOGdr1Qp5L=G|Jk-))Zu_MEP+fbG(b=SK!ME&0JtqhMnVt};VjmRpb46+^`P9S2&{T5E(T=20k<?o(LfI*2!"
        "g|@2T}x9z3G6g(3S=rt1ZMrwNUM-6lyAkS{+(pR%JDP9quW3I?X*Q6kuWZ-cs_;>dwZ74z?g8ve~W<)C?_YC~d*xK!*ib@L!"
        "!(usZEL*;R@K`SX}OyRtjKD35(9Ow6n&<|lMur8?7Cy}{f_?m-=3O~b)n@n!%X1JF`tU@h|0vz<><$*mdr(OMa3wUQ+$LUQ`"
        "!?)$a<!V%Vzm|m49Ruaz_6SJ?hj^nBW?{M<NraX6l4^5t&OFkY?Zaz)S&F+nPH!Z)O%B7|9<?*}n@_I^OXwJ%w^1uo$TpchK"
        "aeE&h8W@_Hq?jiZ-@u#oPCG}o5<ml~QW3sgU`}u*jt4Y`@4;#pufc9p{0mC&^ydxMZk_^uLoq89ziZ&%8V-IDawE!hBled;N"
        "m-znC5oS+`LBl#dM|P_&g{=PuWq}hoJv5LiSo-ve%zQn@VPMXo6Xi7fedWH#Q*#!nC93hux}KTp!luB{P(|pe{w@xGoj41nW"
        "1?zvuy^Pm9?Obj&^^8`fjn?w4Gc|<U$Dfkb1Qs6i2Qe)PztEa`z}>E<B-)bleCvD+Ad(zJjFJMhI@?LFg($sm^ZFG%8&WX=="
        "SryFE_QI+Z*Hl8MGsNz*QN4p)R?(TZN_l3(;oirnb4$Lw~G*Pf3*8gBRZ_lbe7K`{`F#8r(f)t8sw-x85TU#}$A_g4hOh$_X"
        "2KlmqqT>Jdj>Lp1Wkt+ORDDLVZ{(-#m1D#RH-#px|eSWu(_=Wt|pUM}{g(bf?8dnwK$3^HQb;b3)OzNzdU1_(c$)iSP>XlkL"
        "@rV0vboIxs*F<7hy2E|WAWGHWlghscSleJ==$0f#D_=ewtPBhd4a99RacDR+5V2L)R|!=PZWMn#=6=8r{0r{I{}6rw9`y+E"
    )
)
"""A register whose footer has sizes that do not fit: pyarrow ends the process that asks for them."""

WAYS: dict[str, Callable[[Path], object]] = {
    "whole": read_tables,
    "by row groups": lambda path: tables_of(path, Indexes(None), DecodedGroups()),
    "into a store": lambda path: list(prepare(path, Names({}), [])),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_footer_is_refused_in_one_line(way: str, tmp_path: Path) -> None:
    path = tmp_path / "applications.parquet"
    path.write_bytes(HISTOGRAM)
    with pytest.raises(SourceError, match=r"applications\.parquet：文件损坏"):
        WAYS[way](path)


def test_a_name_with_signs_of_a_pattern_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "台账[1]*？?.parquet"
    pq.write_table(pa.table({"a": ["1", "2"], "b": [1, None]}), path)
    assert [(chunk.row_group, chunk.num_values) for chunk in column_chunks(path)] == [
        (0, 2),
        (0, 2),
    ]
    assert all(0 < chunk.start < chunk.end < path.stat().st_size for chunk in column_chunks(path))
