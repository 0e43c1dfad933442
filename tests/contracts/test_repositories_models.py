"""What every store of models promises."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from heygen_desktop.application.ports.unit_of_work import UnitsOfWork
from heygen_desktop.domain.entities.ai_model import AIModel, ModelId, ModelStatus, ModelType
from heygen_desktop.domain.errors import ModelExistsError, ModelNotFoundError
from heygen_desktop.domain.repositories import ModelFilter
from heygen_desktop.domain.values.artifact import Artifact, ArtifactFormat
from heygen_desktop.domain.values.version import SemanticVersion

from tests.contracts.stored import (
    InMemory,
    OnSqlite,
    a_model,
    a_version,
    an_artifact,
    at,
)


def stored(units: UnitsOfWork, *models: AIModel) -> None:
    with units() as unit:
        for model in models:
            unit.models.add(model)
        unit.commit()


def found(units: UnitsOfWork, wanted: ModelFilter) -> list[str]:
    with units(read_only=True) as unit:
        return [model.name for model in unit.models.find(wanted)]


class ModelsContract:
    def test_every_field_of_a_model_comes_back(self, units: UnitsOfWork) -> None:
        archived = replace(a_version("1.0.0"), status=ModelStatus.ARCHIVED)
        model = replace(
            a_model("full", archived, a_version("1.1.0-rc.1"), a_version("1.1.0")),
            type=ModelType.AUDIO,
            updated_at=at(5),
            task="text-to-speech",
            tags=("fast", "good"),
            description="A voice.",
            note="Reads aloud. \N{SNOWMAN} \x00",
            is_favourite=True,
            licence="mit",
            creator="somebody",
            aliases={"champion": SemanticVersion(1, 0, 0)},
        )

        stored(units, model)

        with units() as unit:
            assert unit.models.by_id(model.id) == model
            assert unit.models.by_name("full") == model
            assert unit.models.find(ModelFilter()) == [model]

    def test_no_field_of_the_sample_artifact_has_its_default(self) -> None:
        artifact = an_artifact()

        untouched = [f.name for f in fields(Artifact) if getattr(artifact, f.name) == f.default]

        assert untouched == []

    def test_a_path_that_is_no_valid_text_comes_back_to_the_byte(self, units: UnitsOfWork) -> None:
        model = a_model("odd", a_version("1.0.0", an_artifact("/models/\udce4-\udcff")))

        stored(units, model)

        with units() as unit:
            assert unit.models.by_id(model.id) == model

    def test_the_latest_version_is_the_highest_number(self, units: UnitsOfWork) -> None:
        model = a_model("numbers", a_version("9.0.0"))
        model.add_version(a_version("10.0.0"))

        stored(units, model)

        with units() as unit:
            read = unit.models.by_name("numbers")
        assert read is not None
        assert str(read.latest.version) == "10.0.0"

    def test_a_changed_model_is_stored_whole(self, units: UnitsOfWork) -> None:
        stored(units, a_model("first", a_version("1.0.0"), a_version("2.0.0")))

        with units() as unit:
            model = unit.models.by_name("first")
            assert model is not None
            model.remove_version(SemanticVersion(2, 0, 0), at=at(1))
            model.tags = ("kept",)
            unit.models.save(model)
            unit.commit()

        with units() as unit:
            assert unit.models.by_name("first") == model

    def test_a_model_can_be_renamed_to_another_case_of_its_name(self, units: UnitsOfWork) -> None:
        stored(units, a_model("tiny"))

        with units() as unit:
            unit.models.save(replace(a_model("tiny"), name="Tiny"))
            unit.commit()

        assert found(units, ModelFilter()) == ["Tiny"]

    def test_a_change_to_a_model_that_was_read_is_not_stored_by_itself(
        self, units: UnitsOfWork
    ) -> None:
        stored(units, a_model())

        with units() as unit:
            model = unit.models.by_name("tiny")
            assert model is not None
            model.aliases["champion"] = SemanticVersion(1, 0, 0)
            unit.commit()

        with units() as unit:
            assert unit.models.by_name("tiny") == a_model()

    def test_saving_a_model_that_was_removed_meanwhile_says_so(self, units: UnitsOfWork) -> None:
        with units() as unit, pytest.raises(ModelNotFoundError):
            unit.models.save(a_model())

    @pytest.mark.parametrize("taken", ["tiny", "TINY"])
    def test_a_name_is_taken_whatever_its_case(self, units: UnitsOfWork, taken: str) -> None:
        stored(units, a_model("tiny"))
        again = replace(a_model(taken), id=ModelId("another"))

        with units() as unit, pytest.raises(ModelExistsError) as refused:
            unit.models.add(again)

        assert refused.value.details["path"] == "/models/tiny"

    def test_a_model_cannot_take_the_name_of_another_by_being_saved(
        self, units: UnitsOfWork
    ) -> None:
        stored(units, a_model("one"), a_model("two"))

        with units() as unit, pytest.raises(ModelExistsError):
            unit.models.save(replace(a_model("two"), name="one"))

    def test_the_same_id_cannot_be_added_twice(self, units: UnitsOfWork) -> None:
        stored(units, a_model("one"))

        with units() as unit, pytest.raises(ValueError, match=r"id|UNIQUE"):
            unit.models.add(replace(a_model("one"), name="two"))

    def test_a_model_without_versions_is_refused(self, units: UnitsOfWork) -> None:
        empty = replace(a_model(), versions=())

        with units() as unit:
            with pytest.raises(ValueError, match="no version"):
                unit.models.add(empty)
            with pytest.raises(ValueError, match="no version"):
                unit.models.save(empty)

    def test_a_removed_model_is_gone_and_its_name_is_free(self, units: UnitsOfWork) -> None:
        stored(units, a_model("tiny"))

        with units() as unit:
            unit.models.remove(a_model("tiny").id)
            unit.models.add(a_model("tiny", a_version("3.0.0")))
            unit.commit()

        with units() as unit:
            assert unit.models.by_name("tiny") == a_model("tiny", a_version("3.0.0"))

    def test_removing_what_is_not_there_is_no_trouble(self, units: UnitsOfWork) -> None:
        with units() as unit:
            unit.models.remove(ModelId("never"))
            unit.commit()

        assert found(units, ModelFilter()) == []

    @pytest.mark.parametrize("name", ["TINY", "tin", "t%", "", "tiny\udcff"])
    def test_another_name_finds_nothing(self, units: UnitsOfWork, name: str) -> None:
        stored(units, a_model("tiny"))

        with units() as unit:
            assert unit.models.by_name(name) is None

    def test_an_unknown_id_finds_nothing(self, units: UnitsOfWork) -> None:
        with units() as unit:
            assert unit.models.by_id(ModelId("nobody")) is None

    def test_models_are_found_by_the_path_of_any_version(self, units: UnitsOfWork) -> None:
        old = a_version("1.0.0", an_artifact("/models/old"))
        both = a_model("both", old, a_version("2.0.0", an_artifact("/models/new")))
        other = a_model("other", a_version("1.0.0", an_artifact("/models/old")))
        stored(units, both, other, a_model("third"))

        with units(read_only=True) as unit:
            assert unit.models.by_path(Path("/models/old")) == [both, other]
            assert unit.models.by_path(Path("/models/new")) == [both]
            assert unit.models.by_path(Path("/models")) == []

    def test_a_path_that_is_no_valid_text_is_found_and_no_other(self, units: UnitsOfWork) -> None:
        odd = a_model("odd", a_version("1.0.0", an_artifact("/models/\udce4")))
        stored(units, odd, a_model("even", a_version("1.0.0", an_artifact("/models/\udce5"))))

        with units(read_only=True) as unit:
            assert unit.models.by_path(Path("/models/\udce4")) == [odd]
            assert unit.models.by_path(Path("/models/?")) == []

    def test_a_path_that_a_model_left_does_not_find_it(self, units: UnitsOfWork) -> None:
        model = a_model("tiny")
        stored(units, model)

        with units() as unit:
            moved = a_version("1.0.0", an_artifact("/models/moved"))
            unit.models.save(replace(model, versions=(moved,)))
            unit.commit()

        with units(read_only=True) as unit:
            assert unit.models.by_path(Path("/models/tiny")) == []
            assert [m.name for m in unit.models.by_path(Path("/models/moved"))] == ["tiny"]

    def test_the_latest_version_of_every_model_is_told_by_name(self, units: UnitsOfWork) -> None:
        stored(units, a_model("b", a_version("9.0.0"), a_version("10.0.0")), a_model("A"))

        with units(read_only=True) as unit:
            assert list(unit.models.latest_versions().items()) == [("A", "1.0.0"), ("b", "10.0.0")]

    def test_models_are_listed_by_name_whatever_its_case(self, units: UnitsOfWork) -> None:
        stored(units, *(a_model(name) for name in ("b", "C", "a")))

        assert found(units, ModelFilter()) == ["a", "b", "C"]

    def test_models_are_read_a_page_at_a_time(self, units: UnitsOfWork) -> None:
        stored(units, *(a_model(name) for name in ("b", "C", "a", "D")))

        with units(read_only=True) as unit:
            first = unit.models.find(ModelFilter(), limit=2)
            second = unit.models.find(ModelFilter(), after=first[-1].name, limit=2)
            third = unit.models.find(ModelFilter(), after=second[-1].name, limit=2)

        assert [[m.name for m in page] for page in (first, second, third)] == [
            ["a", "b"], ["C", "D"], [],
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("search", "names"),
        [
            ("LLAMA", ["one"]),
            ("forcausal", ["one", "two"]),
            ("forcausal gpt", ["two"]),
            ("gpt  fast", ["two"]),
            ("straSSe", ["two"]),
            ("ÉTUDE", ["one"]),
            ("a_c", ["one"]),
            ("a%c", []),
            ("50%", ["two"]),
            ("models/SECOND", ["two"]),
            ("one two", []),
            ("   ", ["one", "two"]),
            ("\udcff", []),
        ],
    )
    def test_a_search_finds_models_in_which_all_words_occur(
        self, units: UnitsOfWork, search: str, names: list[str]
    ) -> None:
        one = replace(a_model("one"), note="An étude, a_c but not abc")
        two = replace(
            a_model(
                "two",
                a_version("1.0.0", an_artifact("/models/second", architecture="GPT2ForCausalLM")),
            ),
            tags=("fast", "straße"),
            note="Wins 50% of the time",
        )
        stored(units, one, two)

        assert found(units, ModelFilter(search=search)) == names

    @pytest.mark.parametrize(
        ("wanted", "names"),
        [
            (ModelFilter(), ["new", "old"]),
            (ModelFilter(type="language"), ["old"]),
            (ModelFilter(format="gguf"), ["new"]),
            (ModelFilter(status="archived"), ["new"]),
            (ModelFilter(status="registered"), ["old"]),
            (ModelFilter(tag="fast"), ["new", "old"]),
            (ModelFilter(tag="fast", type="vision"), ["new"]),
            (ModelFilter(tag="fas"), []),
            (ModelFilter(tag="\udcff"), []),
            (ModelFilter(search="first"), ["old"]),
            (ModelFilter(type="nothing"), []),
        ],
    )
    def test_a_model_matches_by_its_latest_version(
        self, units: UnitsOfWork, wanted: ModelFilter, names: list[str]
    ) -> None:
        first = an_artifact("/models/first")
        second = an_artifact("/models/second", kind=ArtifactFormat.GGUF)
        latest = replace(a_version("2.0.0", second), status=ModelStatus.ARCHIVED)
        new = replace(
            a_model("new", a_version("1.0.0", first), latest),
            type=ModelType.VISION,
            tags=("fast",),
        )
        old = replace(a_model("old", a_version("1.0.0", first)), tags=("small", "fast"))
        stored(units, new, old)

        assert found(units, wanted) == names


class TestInMemory(InMemory, ModelsContract):
    pass


class TestOnSqlite(OnSqlite, ModelsContract):
    pass
