"""Names of tensors as other projects really have them, and logits of transformers' ResNet: test/goldens/dialects.

Needs transformers (4.40), segmentation_models_pytorch (0.3), torchreid (0.2.5) and fastai (2.7) where they are installed; each is
optional, and what is not there is left as it was. Run as: python3 tools/dialects_goldens.py
"""

import json
import os
import sys
from pathlib import Path

import torch

HERE = Path(__file__).resolve().parent.parent / 'test' / 'goldens' / 'dialects'
KEYS = HERE / 'keys.json'


def shapes(state):
    return {key: list(tensor.shape) for key, tensor in state.items()}


def fill(state):
    """Numbers that a test can make again: small whole ones over a power of two, by the place of each tensor and number."""
    for place, (key, tensor) in enumerate(state.items()):
        if key.endswith('num_batches_tracked'):
            continue
        count = tensor.numel()
        steps = (torch.arange(count, dtype=torch.int64) * 7919 + place * 104729) % 2039
        values = (steps.double() / 1019.0 - 1.0).float()
        fan = count // tensor.shape[0]
        if key.endswith('running_var'):
            values = 1 + values / 4
        elif tensor.dim() == 1:
            values = values / 8 + (1 if 'weight' in key else 0)
        else:
            values = values * (3.0 / fan) ** 0.5
        tensor.copy_(values.reshape(tensor.shape))


def transformers_cases():
    from transformers import ResNetBackbone, ResNetConfig, ResNetForImageClassification

    keys, logits = {}, {}
    kinds = {
        'resnet18': dict(layer_type='basic', depths=[2, 2, 2, 2], hidden_sizes=[64, 128, 256, 512]),
        'resnet26': dict(layer_type='bottleneck', depths=[2, 2, 2, 2], hidden_sizes=[256, 512, 1024, 2048]),
    }
    for model, kind in kinds.items():
        net = ResNetForImageClassification(ResNetConfig(num_labels=5, **kind)).eval()
        state = net.state_dict()
        keys[f'hf {model}'] = {'dialect': 'hf', 'model': model, 'head': 5, 'keys': shapes(state)}
        with torch.no_grad():
            fill(state)
            x = ((torch.arange(3 * 64 * 64, dtype=torch.int64) * 31) % 251).float().reshape(1, 3, 64, 64) / 251
            logits[model] = net(x).logits[0].tolist()
        backbone = ResNetBackbone(ResNetConfig(**kind))
        keys[f'hf backbone {model}'] = {'dialect': 'hf', 'model': model, 'head': None, 'keys': shapes(backbone.state_dict())}
    (HERE / 'hf-logits.json').write_text(json.dumps(logits) + '\n')
    torch.manual_seed(0)
    sizes = [8, 8, 16, 16]
    tiny = {
        'basic': dict(layer_type='basic', downsample_in_first_stage=True),
        'bottleneck': dict(layer_type='bottleneck', downsample_in_bottleneck=True),
    }
    for name, kind in tiny.items():
        config = ResNetConfig(num_labels=2, embedding_size=8, depths=[1, 1, 1, 1], hidden_sizes=sizes, **kind)
        net = ResNetForImageClassification(config)
        for safe in [True, False]:
            net.save_pretrained(HERE / f'hf-{name}', safe_serialization=safe)
    return keys


def smp_cases():
    import segmentation_models_pytorch as smp

    net = smp.Unet('resnet18', encoder_weights=None, decoder_channels=(8, 8, 8, 8, 8))
    return {'smp Unet': {'dialect': 'smp', 'model': 'resnet18', 'head': None, 'keys': shapes(net.state_dict())}}


def torchreid_cases():
    from torchreid_resnet import resnet18  # Its torchreid/reid/models/resnet.py alone, on PYTHONPATH.

    net = resnet18(num_classes=7, loss='softmax', pretrained=False)
    return {'torchreid': {'dialect': 'torchreid', 'model': 'resnet18', 'head': 7, 'keys': shapes(net.state_dict())}}


def fastai_cases():
    import torchvision
    from fastai.vision.learner import create_vision_model

    net = create_vision_model(torchvision.models.resnet18, 4, pretrained=False)
    return {'fastai': {'dialect': 'fastai', 'model': 'resnet18', 'head': None, 'keys': shapes(net.state_dict())}}


def main():
    HERE.mkdir(parents=True, exist_ok=True)
    known = json.loads(KEYS.read_text()) if KEYS.exists() else {}
    for cases in [transformers_cases, smp_cases, torchreid_cases, fastai_cases]:
        try:
            known.update(cases())
            print(cases.__name__)
        except Exception as missing:  # Also what breaks while it is imported, with another torch.
            print(f'{cases.__name__}: left as it was, since {missing}', file=sys.stderr)
    KEYS.write_text(json.dumps(known, separators=(',', ':')) + '\n')


if __name__ == '__main__':
    os.environ['TOKENIZERS_PARALLELISM'] = 'false'
    main()
