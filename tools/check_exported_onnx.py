"""Checks exported ONNX files with the programs that docs/export.md names; run by hand, in environments outside the repository.

    node dist/cli.js export resnet18 --seed 0 --out DIR/resnet18-17.onnx   (and so on: NAME-OPSET.onnx)
    python tools/check_exported_onnx.py DIR

Whichever of onnx, onnxruntime, onnx2torch, onnxsim and openvino the environment has are tried, and their versions printed. Each
computes the logits of one fixed batch, which must be within 1e-4 of the largest logit of those in NAME.npy: these are
written by the first run that has onnxruntime, from the file of opset 20.
"""
import importlib
import os
import sys

import numpy as np

TOLERANCE = 1e-4  # Other kernels sum in another order.


def have(name):
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        print(f'{name}: not here ({error})')
        return None
    print(f'{name}: {getattr(module, "__version__", "?")}')
    return module


onnx, ort, onnx2torch, onnxsim, openvino = map(
    have, ['onnx', 'onnxruntime', 'onnx2torch', 'onnxsim', 'openvino']
)


def run_ort(model):
    options = ort.SessionOptions()
    options.log_severity_level = 3
    session = ort.InferenceSession(model, options, providers=['CPUExecutionProvider'])
    return lambda x: session.run(None, {'x': x})[0]


def run_onnxsim(path):
    model, holds = onnxsim.simplify(onnx.load(path))
    assert holds
    return run_ort(model.SerializeToString())


def run_onnx2torch(path):
    import torch

    net = onnx2torch.convert(path).eval()

    def run(x):
        with torch.no_grad():
            return net(torch.from_numpy(x)).numpy()

    return run


def run_openvino(path):
    compiled = openvino.Core().compile_model(path, 'CPU', {'INFERENCE_PRECISION_HINT': 'f32'})
    return lambda x: compiled([x])[0]


def full_check(path):
    onnx.checker.check_model(onnx.load(path), full_check=True)


TRIED = {
    'onnxruntime': ort and run_ort,
    'onnxsim': onnxsim and onnx and ort and run_onnxsim,
    'onnx2torch': onnx2torch and run_onnx2torch,
    'openvino': openvino and run_openvino,
}


def shape_of(path):
    name = os.path.basename(path)
    return (2, 3, 32, 32) if name.startswith('cifar') else (2, 3, 64, 64) if name.startswith('vgg') else (2, 3, 224, 224)


def main(folder):
    failures = 0
    names = sorted(name for name in os.listdir(folder) if name.endswith('.onnx'))
    # The newest operator set first: it writes what is expected.
    for name in sorted(names, key=lambda name: name.rsplit('-', 1)[1], reverse=True):
        path = os.path.join(folder, name)
        x = np.random.RandomState(0).randn(*shape_of(path)).astype('f')
        kept = os.path.join(folder, name.rsplit('-', 1)[0] + '.npy')
        words = []
        if onnx:
            try:
                full_check(path)
                words.append('full_check ok')
            except Exception as error:
                failures += 1
                words.append(f'full_check FAILS: {str(error).splitlines()[0][:90]}')
        for tool, open_file in TRIED.items():
            if not open_file:
                continue
            try:
                logits = open_file(path)(x)
                if not os.path.exists(kept):
                    np.save(kept, logits)
                expected = np.load(kept)
                far = float(abs(logits - expected).max() / abs(expected).max())
                words.append(f'{tool} {far:.0e}' + ('' if far <= TOLERANCE else ' WRONG'))
                failures += far > TOLERANCE
            except Exception as error:
                failures += 1
                words.append(f'{tool} FAILS: {type(error).__name__} {str(error).strip().splitlines()[-1][:90] if str(error) else ""}')
        print(f'{name}: ' + '; '.join(words), flush=True)
    print(f'{failures} failures')


main(sys.argv[1])
