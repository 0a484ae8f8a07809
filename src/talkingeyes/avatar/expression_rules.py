"""What a VRM says of its expressions beyond their targets: some are on or off, some hold others back.

Source: VRMC_vrm-1.0, expressions.md (isBinary, overrideBlink, overrideLookAt, overrideMouth). VRM 0.x knows isBinary
alone; its exporters set it for Blink_L and Blink_R beside a smooth Blink of the same targets, which then stay smooth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkingeyes.avatar.target_names import Recipe

Array = NDArray[Any]
_GROUPS = {
    "overrideBlink": ("blink", "blinkLeft", "blinkRight"),
    "overrideLookAt": ("lookUp", "lookDown", "lookLeft", "lookRight"),
    "overrideMouth": ("aa", "ih", "ou", "ee", "oh"),
}


@dataclass(frozen=True)
class Hold:
    """One expression that holds a target back while it is shown.

    Attributes:
        recipe: the coefficients that show the expression.
        blocks: whether any of it shuts the target off; otherwise the target is shown less the more it is shown.
        binary: whether the expression is on or off.
    """

    recipe: Recipe
    blocks: bool
    binary: bool

    def weight(self, weights: Mapping[str, Array]) -> Array:
        """(T,) how much the expression is shown, 0 where nothing drives it."""
        mixed = np.asarray(sum(gain * weights[name] for name, gain in self.recipe if name in weights), float)
        return _switched(mixed) if self.binary else np.clip(mixed, 0.0, 1.0)


@dataclass(frozen=True)
class Rule:
    """What holds for one target.

    Attributes:
        binary: whether it is on or off, at half its weight.
        holds: the expressions that hold it back.
    """

    binary: bool = False
    holds: tuple[Hold, ...] = field(default=())

    def shown(self, weight: Array, weights: Mapping[str, Array]) -> Array:
        """(T,) the target's weight under the rule; ``weights`` are those of the coefficients."""
        blocked = [hold.weight(weights) for hold in self.holds if hold.blocks]
        blended = [hold.weight(weights) for hold in self.holds if not hold.blocks]
        left = np.ones_like(weight)
        for other in blended:
            left = np.maximum(left - other, 0.0)
        for other in blocked:
            left = np.where(other > 0, 0.0, left)
        return _switched(weight) * (left == 1.0) if self.binary else weight * left


def _switched(weight: Array) -> Array:
    return (weight > 0.5).astype(float)


def expression_rules(document: Mapping[str, Any], recipe_of: Callable[[str], Recipe]) -> Mapping[tuple[int, int], Rule]:
    """(node, target index) -> its rule, for the targets of a VRM's expressions that have any.

    Args:
        document: the glTF document.
        recipe_of: the coefficients that an expression of a name shows, empty where none do.
    """
    given = document.get("extensions", {}).get("VRMC_vrm", {}).get("expressions", {})
    every = {name: e for group in ("custom", "preset") for name, e in given.get(group, {}).items()}
    rules = {place: Rule(True) for place in _switched_by_vrm_0(document)}
    for name, expression in every.items():
        holds = tuple(_holds_on(name, every, recipe_of))
        binary = bool(expression.get("isBinary", False))
        if binary or holds:
            for bind in expression.get("morphTargetBinds", []):
                rules.setdefault((bind["node"], bind["index"]), Rule(binary, holds))
    return rules


def _switched_by_vrm_0(document: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """(node, target index) of what a VRM 0.x shows by expressions that are on or off, and by no smooth one."""
    groups = document.get("extensions", {}).get("VRM", {}).get("blendShapeMaster", {}).get("blendShapeGroups", [])
    shown: dict[bool, set[tuple[int, int]]] = {False: set(), True: set()}
    for group in groups:
        binds = ((bind["mesh"], bind["index"]) for bind in group.get("binds", []))
        shown[bool(group.get("isBinary", False))].update(binds)
    for node, entry in enumerate(document.get("nodes", [])):
        for mesh, index in sorted(shown[True] - shown[False]):
            if entry.get("mesh") == mesh:
                yield node, index


def _holds_on(name: str, every: Mapping[str, Any], recipe_of: Callable[[str], Recipe]) -> Iterator[Hold]:
    keys = [key for key, group in _GROUPS.items() if name in group]
    for other, expression in every.items():
        how = expression.get(keys[0], "none") if keys else "none"
        recipe = recipe_of(other) if how in ("block", "blend") and other != name else ()
        if recipe:
            yield Hold(recipe, how == "block", bool(expression.get("isBinary", False)))
