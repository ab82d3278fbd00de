"""Refused rows and mended cells: counted, paged, and whole only for whoever may see them so."""

from __future__ import annotations

import pytest

from metrics import intake
from metrics.county import County
from store.scope import Scope
from tests.small_county import COUNTY, EAST, WEST

WHOLE = Scope.of([COUNTY])


def test_entries_are_counted_by_reason_and_file(small: County) -> None:
    reader = small.reader(WHOLE)
    assert intake.counts(reader, "refused") == [
        {"reason": "identity_check", "file": "名单.xlsx", "found": 1}
    ]
    assert intake.counts(reader, "mended") == [
        {"reason": "old_name", "file": "名单.xlsx", "found": 1}
    ]


def test_entries_say_where_they_stand(small: County) -> None:
    (entry,) = intake.entries(small.reader(WHOLE), "refused", None, None, 1)
    assert (entry["sheet"], entry["row"], entry["header"]) == ("名单", 7, "证件号码")
    (mend,) = intake.entries(small.reader(WHOLE), "mended", "old_name", "名单.xlsx", 1)
    assert (mend["before"], mend["after"]) == ("高坡老村", "高坡村")


@pytest.mark.parametrize(
    ("reason", "file", "page"), [("missing", None, 1), (None, "别.xlsx", 1), (None, None, 2)]
)
def test_a_filter_or_a_page_beyond_leaves_nothing(small: County, reason, file, page) -> None:
    assert not intake.entries(small.reader(WHOLE), "refused", reason, file, page)


def test_whole_rows_only_for_whoever_sees_them_whole(small: County) -> None:
    told = intake.refused_rows(small.reader(WHOLE, reveal=True), None, None).to_pylist()
    assert [row["cells"][0] for row in told] == ["H01"]
    assert told[0]["reasons"] == ["identity_check"] and told[0]["refused"] == ["证件号码"]
    assert not intake.refused_rows(small.reader(WHOLE), None, None).num_rows
    township = small.reader(Scope.of([WEST]), reveal=True)
    assert not intake.refused_rows(township, None, None).num_rows
    assert not intake.counts(township, "refused") and not intake.counts(township, "mended")
    own = small.reader(Scope.of([EAST]), reveal=True)
    assert intake.refused_rows(own, None, None).num_rows == 1
    assert intake.found(intake.counts(own, "refused")) == 1 and not intake.counts(own, "mended")
