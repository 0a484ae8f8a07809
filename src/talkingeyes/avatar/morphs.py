"""Which morph targets of an avatar show which ARKit coefficients: by name, by VRM expression, or by mapping."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from talkingeyes.avatar import names
from talkingeyes.avatar.expression_rules import Rule, expression_rules
from talkingeyes.avatar.nodes import Nodes
from talkingeyes.avatar.target_names import FAMILIES
from talkingeyes.errors import FormatError
from talkingeyes.rig import ARKIT_NAMES, EYE_LOOK_SIDE_RAD, EYE_LOOK_UP_DOWN_RAD
from talkingeyes.wording import cut, quoted

_RADIANS_PER_DEGREE = 0.017453292519943295


MAX_TARGETS = 1 << 18
"""Morph targets of all nodes together; also those that one expression binds."""


@dataclass(frozen=True)
class MorphMesh:
    """A node whose mesh has morph targets.

    Attributes:
        node: index of the node.
        names: target names in the mesh's own order, empty where the file gives none.
        rest: weights at rest.
        recipes: target index -> the ARKit coefficients that drive it, with gains; other targets stay at rest.
        rules: target index -> what the avatar says of the expression that it belongs to, where it says anything.
    """

    node: int
    names: tuple[str, ...]
    rest: tuple[float, ...]
    recipes: Mapping[int, names.Recipe] = field(default_factory=dict)
    rules: Mapping[int, Rule] = field(default_factory=dict)

    def target_of(self, coefficient: str) -> int | None:
        """The target that one coefficient drives alone, with gain 1."""
        alone = ((coefficient, 1.0),)
        return next((i for i, recipe in self.recipes.items() if recipe == alone), None)

    def label(self, index: int) -> str:
        """A target's name, or its number."""
        return self.names[index] or f"#{index}"


_Found = list[tuple[int, int, names.Recipe]]
"""(node, target index, recipe)."""


def morph_meshes(document: dict[str, Any], nodes: Nodes) -> list[MorphMesh]:
    """Every node with morph targets, none of them bound yet."""
    out, total = [], 0
    labels: dict[int, tuple[str, ...]] = {}
    for index, node in enumerate(nodes.entries):
        if "mesh" not in node:
            continue
        mesh = document["meshes"][node["mesh"]]
        count = max((len(p.get("targets", [])) for p in mesh["primitives"]), default=0)
        if not count:
            continue
        total += count
        if total > MAX_TARGETS:
            raise FormatError(f"its meshes have more than {MAX_TARGETS} morph targets in all")
        if node["mesh"] not in labels:
            labels[node["mesh"]] = tuple(_labels(document, mesh, count))
        rest = [float(w) for w in node.get("weights", mesh.get("weights", []))[:count]]
        out.append(MorphMesh(index, labels[node["mesh"]], (*rest, *[0.0] * (count - len(rest)))))
    return out


def _labels(document: dict[str, Any], mesh: dict[str, Any], count: int) -> list[str]:
    """Names of a mesh's targets, wherever the exporter put them: mesh, primitive, target, or its accessor."""
    primitives = mesh["primitives"]
    for owner in (mesh, *primitives):
        given = _extras(owner).get("targetNames")
        if isinstance(given, dict):  # name -> index
            at = {index: name for name, index in reversed(given.items()) if type(index) is int}
            given = [at.get(index, "") for index in range(count)]
        if isinstance(given, list) and any(isinstance(n, str) and n for n in given):
            return [str(n) for n in given[:count]] + [""] * (count - len(given))
    targets = next((p["targets"] for p in primitives if len(p.get("targets", [])) == count), [])
    return [_target_label(document, target) for target in targets] or [""] * count


def _target_label(document: dict[str, Any], target: dict[str, Any]) -> str:
    """A target's name in its own extras, or that of the accessor of its positions."""
    own = _extras(target).get("name")
    if isinstance(own, str) and own:
        return own
    accessor = target.get("POSITION", target.get("NORMAL"))
    return str(document["accessors"][accessor].get("name", "")) if accessor is not None else ""


def _extras(entry: dict[str, Any]) -> dict[str, Any]:
    extras = entry.get("extras", entry.get("extra"))
    return extras if isinstance(extras, dict) else {}


def bind(document: dict[str, Any], meshes: list[MorphMesh]) -> tuple[MorphMesh, ...]:
    """The meshes with recipes; coefficients that a better source serves are not served again by a cruder one."""
    bound: dict[tuple[int, int], names.Recipe] = {}
    served: set[str] = set()
    for source in (_by_arkit_name(meshes), _by_expression(document, meshes), _by_other_name(meshes)):
        serving = set()
        for node, index, recipe in source:
            main = recipe[0][0]
            if main not in served and (node, index) not in bound:
                bound[node, index] = recipe
                serving.update(name for name, gain in recipe if gain > 0)
        served |= serving
    return with_recipes(_with_rules(document, meshes), bound)


def _with_rules(document: dict[str, Any], meshes: list[MorphMesh]) -> list[MorphMesh]:
    rules = expression_rules(document, lambda name: _expression_recipe(name, document))
    if not rules:
        return meshes
    return [replace(m, rules={i: rule for (node, i), rule in rules.items() if node == m.node}) for m in meshes]


def with_recipes(meshes: list[MorphMesh], bound: Mapping[tuple[int, int], names.Recipe]) -> tuple[MorphMesh, ...]:
    """The meshes that have at least one driven target."""
    out = []
    for mesh in meshes:
        recipes = {i: bound[mesh.node, i] for i in range(len(mesh.names)) if (mesh.node, i) in bound}
        if recipes:
            out.append(replace(mesh, recipes=recipes))
    return tuple(out)


def _by_arkit_name(meshes: list[MorphMesh]) -> Iterator[tuple[int, int, names.Recipe]]:
    """ARKit's own spelling before one behind other words."""
    for mesh in meshes:
        seen: set[str] = set()
        for how in (names.arkit_name, names.arkit_target):
            for index, name in enumerate(mesh.names):
                known = how(name)
                if known is not None and known not in seen:
                    seen.add(known)
                    yield mesh.node, index, ((known, 1.0),)


def _by_other_name(meshes: list[MorphMesh]) -> _Found:
    """One family per purpose: a mesh with single blinks does not also get the one for both eyes.

    Families that are there for one side only come last.
    """
    found: _Found = []
    for mesh in meshes:
        at: dict[str, int] = {}
        for index, name in enumerate(mesh.names):
            for key in names.target_keys(name):
                at.setdefault(key, index)
        taken: set[str] = set()
        bound: set[int] = set()
        for whole in (True, False):
            for family in FAMILIES:
                entries = {at[key]: recipe for key, recipe in family.items() if key in at and at[key] not in bound}
                parts = _parts(entries.values())
                if entries and not parts & taken and (not whole or parts == _parts(family.values())):
                    taken |= parts
                    bound |= entries.keys()
                    found += [(mesh.node, index, recipe) for index, recipe in entries.items()]
    return found


def _parts(recipes: Iterable[names.Recipe]) -> set[str]:
    return {name for recipe in recipes for name, gain in recipe if gain > 0}


def _by_expression(document: dict[str, Any], meshes: list[MorphMesh]) -> _Found:
    found: _Found = []
    taken: set[str] = set()
    expressions = dict(_expressions(document, meshes))
    ordered = sorted(expressions, key=lambda name: names.plain_name(name) == "blink")  # single blinks first
    for name in ordered:
        recipe = _expression_recipe(name, document)
        if not recipe or {n for n, gain in recipe if gain > 0} & taken:
            continue
        taken |= {n for n, gain in recipe if gain > 0}
        for node, index, weight in expressions[name]:
            found.append((node, index, tuple((n, gain * weight) for n, gain in recipe)))
    return found


def _expression_recipe(name: str, document: dict[str, Any]) -> names.Recipe:
    plain, known = names.plain_name(name), names.arkit_name(name)
    if plain in names.VRM_LOOKS:
        angle = EYE_LOOK_UP_DOWN_RAD if plain in ("lookup", "lookdown") else EYE_LOOK_SIDE_RAD
        gain = angle / _full_look_rad(document, plain)
        return tuple((n, gain / 2) for n in names.VRM_LOOKS[plain])
    if plain in names.VRM_EXPRESSIONS:
        return names.VRM_EXPRESSIONS[plain]
    return ((known, 1.0),) if known else ()


def _full_look_rad(document: dict[str, Any], look: str) -> float:
    """The angle at which a VRM avatar's look expression is full."""
    extensions = document.get("extensions", {})
    key = {"lookup": "VerticalUp", "lookdown": "VerticalDown"}.get(look, "HorizontalOuter")
    new = extensions.get("VRMC_vrm", {}).get("lookAt", {}).get(f"rangeMap{key}")
    old = extensions.get("VRM", {}).get("firstPerson", {}).get(f"lookAt{key}")
    degrees, scale = 30.0, 1.0
    if new:
        degrees, scale = float(new.get("inputMaxValue", 90)), float(new.get("outputScale", 1))
    elif old:
        degrees, scale = float(old.get("xRange", 90)), float(old.get("yRange", 1))
    return max(degrees, 1.0) * _RADIANS_PER_DEGREE / max(scale, 0.05)


def _expressions(
    document: dict[str, Any], meshes: list[MorphMesh]
) -> Iterator[tuple[str, list[tuple[int, int, float]]]]:
    """Name of each VRM expression -> (node, target index, weight at 1)."""
    sizes = {mesh.node: len(mesh.names) for mesh in meshes}
    extensions = document.get("extensions", {})
    given = extensions.get("VRMC_vrm", {}).get("expressions", {})
    for group in ("preset", "custom"):
        for name, expression in given.get(group, {}).items():
            binds = [(b["node"], b["index"], float(b.get("weight", 1))) for b in expression.get("morphTargetBinds", [])]
            yield name, [b for b in binds if b[1] < sizes.get(b[0], 0)]
    nodes_of: dict[int, list[int]] = {}
    left = MAX_TARGETS
    for index, node in enumerate(document.get("nodes", [])):
        nodes_of.setdefault(node.get("mesh", -1), []).append(index)
    for group in extensions.get("VRM", {}).get("blendShapeMaster", {}).get("blendShapeGroups", []):
        preset = group.get("presetName", "unknown")
        name = group.get("name", "") if preset in ("unknown", "") else preset
        bound = (
            (node, b["index"], float(b.get("weight", 100)) / 100)
            for b in group.get("binds", [])
            for node in nodes_of.get(b["mesh"], [])
        )
        binds = list(itertools.islice(bound, left + 1))
        left -= len(binds)
        if left < 0:
            raise FormatError(f"its expressions bind more than {MAX_TARGETS} morph targets in all")
        yield name, [b for b in binds if b[1] < sizes.get(b[0], 0)]


def by_mapping(meshes: list[MorphMesh], wanted: Mapping[str, Mapping[str, float]], where: str) -> tuple[MorphMesh, ...]:
    """The meshes with the recipes of a mapping: coefficient -> target name (or ``NODE#INDEX``) -> gain.

    Raises:
        FormatError: a coefficient or a target that does not exist.
    """
    bound: dict[tuple[int, int], names.Recipe] = {}
    places_of: dict[str, list[tuple[int, int]]] = {}
    for mesh in meshes:
        for i, name in enumerate(mesh.names):
            for spelt in (name, f"{mesh.node}#{i}"):
                places_of.setdefault(spelt, []).append((mesh.node, i))
    for coefficient, targets in wanted.items():
        if coefficient not in ARKIT_NAMES:
            raise FormatError(f"{where}: {quoted(coefficient)} is no ARKit coefficient; eyeBlinkLeft .. tongueOut are")
        for target, gain in targets.items():
            places = list(dict.fromkeys(places_of.get(target, [])))
            if not places:
                there = ", ".join(sorted({cut(n, 40) for m in meshes for n in m.names if n})[:6]) or "none"
                raise FormatError(
                    f"{where}: {coefficient} asks for a morph target {quoted(target)}, the avatar has no such one "
                    f"(it has {there}{', ..' if sum(len(m.names) for m in meshes) > 6 else ''})"
                )
            for place in places:
                bound[place] = (*bound.get(place, ()), (coefficient, gain))
    return with_recipes(meshes, bound)
