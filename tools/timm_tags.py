"""Writes timm's tags of pretrained weights (timm 1.0.31, from PyPI): the table src/models/timm-tag-table.ts, from its default
configurations, with its former names in src/models/timm-former-names.ts, and test/goldens/models/timm-tags.json, from what its
functions make of them: what `resolve_data_config` gives for each tag, at both sizes, what `create_transform` makes of a small
picture, as hashes of the float32 values, and what each former name stands for.

    /usr/bin/python3 -m venv --system-site-packages /tmp/timm && /tmp/timm/bin/pip install --no-deps timm huggingface_hub safetensors
    /tmp/timm/bin/python tools/timm_tags.py && npx prettier --write src/models/timm-*.ts
"""
import hashlib
import json
from pathlib import Path

import numpy
import timm
import torch
from PIL import Image
from timm.data import create_transform, resolve_data_config
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
from timm.models import get_arch_pretrained_cfgs
from timm.models._registry import _module_to_deprecated_models as FORMER

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "src/models/timm-tag-table.ts"
NAMES = ROOT / "src/models/timm-former-names.ts"
GOLDENS = ROOT / "test/goldens/models/timm-tags.json"
MODULES = ("resnet", "resnetv2", "res2net", "resnest")
# timm has all four of these be the first, resnext101_32x8d. Two have networks and weights of their own, which old checkpoints fit;
# the last one's is in timm no more.
CORRECTED = {
    "ig_resnext101_32x16d": "resnext101_32x16d.fb_wsl_ig1b_ft_in1k",
    "ig_resnext101_32x32d": "resnext101_32x32d.fb_wsl_ig1b_ft_in1k",
    "ig_resnext101_32x48d": None,
}
NAMES_HEAD = """// timm's former names of models, and what each is called now. Written by tools/timm_tags.py.

/** The model and the tag; null for a network that timm has no more. */
export const FORMER_NAMES: Readonly<Record<string, string | null>> = {
"""
HEAD = """// timm's tags of pretrained weights, and how pictures are prepared for them. Written by tools/timm_tags.py.

/** What several tags have in common; what is left out is as in most. */
export interface TagKind {
  /** Pixels of each side in training. */
  readonly size: number
  /** The part of the shorter side that the crop keeps. */
  readonly crop: number
  /** The same for evaluation, where it differs. */
  readonly testSize?: number
  readonly testCrop?: number
  /** Default bicubic. */
  readonly interpolation?: 'bilinear'
  /** Mean and standard deviation of all channels; default ImageNet's. */
  readonly statistics?: 0.5
  /** Default 1000; 0 for a network without a classifier. */
  readonly classes?: number
  /** Default apache-2.0; null where timm states none. */
  readonly licence?: string | null
  /** Default true; false where there are no weights. */
  readonly isPublished?: false
}

export const TAG_KINDS: readonly TagKind[] = [
"""
MIDDLE = """]

/** The tags of each model in timm's order, each with the index of its kind. */
export const TAGS: Readonly<Record<string, string>> = {
"""


def statistics(config):
    if config["mean"] == IMAGENET_DEFAULT_MEAN and config["std"] == IMAGENET_DEFAULT_STD:
        return None
    assert config["mean"] == (0.5, 0.5, 0.5) == config["std"], config
    return 0.5


def side(config):
    channels, height, width = config["input_size"]
    assert (channels, height, config["crop_mode"]) == (3, width, "center"), config
    return height


def kind_of(cfg):
    plain = resolve_data_config(pretrained_cfg=cfg.to_dict())
    test = resolve_data_config(pretrained_cfg=cfg.to_dict(), use_test_size=True)
    kind = {"size": side(plain), "crop": plain["crop_pct"]}
    if side(test) != kind["size"]:
        kind["testSize"] = side(test)
    if test["crop_pct"] != kind["crop"]:
        kind["testCrop"] = test["crop_pct"]
    if plain["interpolation"] != "bicubic":
        assert plain["interpolation"] == "bilinear", plain
        kind["interpolation"] = "bilinear"
    if statistics(plain) is not None:
        kind["statistics"] = statistics(plain)
    if cfg.num_classes != 1000:
        kind["classes"] = cfg.num_classes
    if cfg.license != "apache-2.0":
        kind["licence"] = cfg.license
    if not cfg.hf_hub_id:
        kind["isPublished"] = False
    return kind


def literal(value):
    return f"'{value}'" if isinstance(value, str) else json.dumps(value)


def table(models):
    kinds, lines = [], []
    for model, tags in models.items():
        words = []
        for name, cfg in tags.items():
            assert cfg.hf_hub_id in (None, f"timm/{name}") and name == f"{model}.{cfg.tag}", cfg
            kind = kind_of(cfg)
            if kind not in kinds:
                kinds.append(kind)
            words.append(f"{cfg.tag} {kinds.index(kind)}")
        lines.append(f"{model}: '{', '.join(words)}'")
    rows = ["{ " + ", ".join(f"{name}: {literal(value)}" for name, value in kind.items()) + " }" for kind in kinds]
    return HEAD + ",\n".join(rows) + MIDDLE + ",\n".join(lines) + "\n}\n"


def resolved(cfg, use_test_size):
    config = resolve_data_config(pretrained_cfg=cfg.to_dict(), use_test_size=use_test_size)
    transform = create_transform(**config, is_training=False)
    resize, crop, _, normalise = transform.transforms
    return {
        "size": crop.size[0],
        "resize": resize.size,
        "interpolation": resize.interpolation.value,
        "mean": [round(float(each), 6) for each in normalise.mean],
        "std": [round(float(each), 6) for each in normalise.std],
    }


def golden(cfg):
    return {
        "train": resolved(cfg, False),
        "test": resolved(cfg, True),
        "classes": cfg.num_classes,
        "licence": cfg.license,
        "repository": cfg.hf_hub_id,
    }


def picture(width, height):
    """The tests make the same."""
    y, x, c = numpy.mgrid[:height, :width, :3]
    return Image.fromarray(((x * 7 + y * 13 + c * 85 + x * y * (c + 1)) % 256).astype(numpy.uint8))


def prepared(config, use_test_size=False, size=(50, 37)):
    """The values that timm makes of the picture, for what a config.json says."""
    resolved_config = resolve_data_config(pretrained_cfg=config, use_test_size=use_test_size)
    values = create_transform(**resolved_config, is_training=False)(picture(*size))
    assert values.dtype == torch.float32
    return {
        "config": config,
        "testSize": use_test_size,
        "picture": size,
        "shape": list(values.shape),
        "sha256": hashlib.sha256(values.numpy().tobytes()).hexdigest(),
    }


def pictures():
    half = {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}
    small = {"input_size": [3, 32, 32], "test_input_size": [3, 40, 40]}
    for crop_mode in ("center", "squash"):
        for interpolation in ("bilinear", "bicubic"):
            config = {**small, "crop_mode": crop_mode, "interpolation": interpolation, "crop_pct": 0.875}
            yield config, False
            yield {**config, "test_crop_pct": 1.0, **half}, True
    yield {**small, "crop_pct": 0.95, "interpolation": "bicubic"}, True
    yield {"input_size": [3, 32, 32], "crop_pct": 0.95, "test_crop_pct": 0.9}, True
    yield {**small, "crop_mode": "squash", "input_size": [3, 24, 40], "crop_pct": 0.9}, False
    # Of a picture that is smaller than the crop.
    yield {"input_size": [3, 64, 64], "crop_pct": 1.0, "interpolation": "bilinear"}, False


if __name__ == "__main__":
    names = [name for module in MODULES for name in timm.list_models(module=module)]
    models = {model: get_arch_pretrained_cfgs(model) for model in names}
    TABLE.write_text(table(models))
    former = {old: new for module in MODULES for old, new in FORMER.get(module, {}).items()}
    pairs = [f"{old}: {literal(CORRECTED.get(old, new))}" for old, new in former.items()]
    NAMES.write_text(NAMES_HEAD + ",\n".join(pairs) + "\n}\n")
    tags = {name: golden(cfg) for each in models.values() for name, cfg in each.items()}
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in tags.items()]
    shown = [f"  {json.dumps(prepared(config, use_test_size))}" for config, use_test_size in pictures()]
    about = f'"timm": {json.dumps(timm.__version__)}, "torch": {json.dumps(torch.__version__)}'
    GOLDENS.write_text(
        "{\n " + about + ',\n "tags": {\n' + ",\n".join(lines) + '\n },\n "pictures": [\n' + ",\n".join(shown) + "\n ],\n \"former\": "
        + json.dumps(former, indent=2) + "\n}\n"
    )
