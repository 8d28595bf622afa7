"""Writes test/goldens/explain.json: attributions computed by torch, pytorch-grad-cam and captum.

Debian does not package pytorch-grad-cam and captum. Install them into a virtual environment outside the repository, on
top of Debian's torch:

    /usr/bin/python3 -m venv --system-site-packages ../explain-oracle
    ../explain-oracle/bin/pip install --no-deps grad-cam ttach captum
    ../explain-oracle/bin/pip install numpy==1.24.2 opencv-python-headless==4.8.1.78 'matplotlib<3.9' 'scikit-learn<1.5' tqdm
    ../explain-oracle/bin/python tools/explain_goldens.py

`torch` holds the results of the papers' formulas, implemented here with hooks and loops; `grad-cam` and `captum` hold
those packages' results for the same network, with their own conventions. Large tensors are stored as samples.
"""
import base64
import importlib.metadata
import json
from pathlib import Path

import numpy
import torch
import torchvision
from captum.attr import IntegratedGradients, Occlusion
from PIL import Image
from pytorch_grad_cam import EigenCAM, GradCAM, GradCAMPlusPlus, ScoreCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torch.nn import functional
from torchvision.transforms._presets import ImageClassification

from reference_networks import CifarResNet

ROOT = Path(__file__).parent.parent
torch.set_num_threads(2)


def encoded(tensor):
    array = numpy.ascontiguousarray(torch.as_tensor(tensor).detach().numpy().astype("<f4"))
    return {"shape": list(array.shape), "data": base64.b64encode(array.tobytes()).decode()}


def sample(tensor, count=128):
    """Evenly spaced elements, and the largest magnitude."""
    flat = torch.as_tensor(tensor).detach().double().flatten()
    stride = max(1, -(-flat.numel() // count))
    return {
        "stride": stride,
        "elements": encoded(flat[::stride])["data"],
        "largest": float(f"{flat.abs().max().item():.9g}"),
        "sum": float(f"{flat.sum().item():.9g}"),
    }


def hooked(net, layer, x, classes):
    """A layer's feature maps and the gradients of each image's class score by them."""
    kept = {}
    hook = layer.register_forward_hook(lambda _, __, out: (kept.update(maps=out), out.retain_grad()) and None)
    logits = net(x)
    hook.remove()
    logits[range(len(classes)), classes].sum().backward()
    return kept["maps"].detach(), kept["maps"].grad, logits.detach()


def grad_cam(maps, slopes):
    return functional.relu((slopes.mean((2, 3), keepdim=True) * maps).sum(1))


def grad_cam_plus_plus(maps, slopes):
    maps, slopes = maps.double(), slopes.double()
    divisor = 2 * slopes**2 + maps.sum((2, 3), keepdim=True) * slopes**3
    alpha = slopes**2 / torch.where(divisor != 0, divisor, torch.ones_like(divisor))
    return functional.relu(((alpha * functional.relu(slopes)).sum((2, 3), keepdim=True) * maps).sum(1))


def eigen_cam(maps, centered):
    found = []
    for each in maps.double():
        places = each.flatten(1).T
        total = places.sum(1)
        places = places - places.mean(0) if centered else places
        projection = places @ torch.linalg.svd(places, full_matrices=False)[2][0]
        found.append((projection * torch.sign((projection * total).sum())).reshape(each.shape[1:]))
    return torch.stack(found)


def score_cam(net, x, maps, classes, align_corners):
    found = []
    for image, each, index in zip(x, maps, classes):
        masks = functional.interpolate(each[:, None], x.shape[2:], mode="bilinear", align_corners=align_corners)
        least, most = masks.amin((2, 3), keepdim=True), masks.amax((2, 3), keepdim=True)
        with torch.no_grad():
            scores = net(image[None] * (masks - least) / (most - least + 1e-8))[:, index]
        found.append(functional.relu((scores.softmax(0)[:, None, None] * each).sum(0)))
    return torch.stack(found)


def occlusion(net, image, index, patch, stride, fill, of):
    """Zeiler & Fergus, one occluded image at a time."""
    def score(covered):
        with torch.no_grad():
            logits = net(covered[None])[0]
        return (logits.softmax(0) if of == "probability" else logits)[index]

    whole, (height, width) = score(image), image.shape[1:]
    places = [list(range(0, size - patch + stride, stride)) for size in (height, width)]
    drops = torch.zeros(len(places[0]), len(places[1]))
    for i, top in enumerate(places[0]):
        for j, left in enumerate(places[1]):
            covered = image.clone()
            covered[:, top : top + patch, left : left + patch] = torch.tensor(fill)[:, None, None]
            drops[i, j] = whole - score(covered)
    return drops


def integrated_gradients(net, image, baseline, index, steps, offset):
    total = torch.zeros_like(image, dtype=torch.float64)
    for step in range(steps):
        point = (baseline + (step + offset) / steps * (image - baseline)).requires_grad_()
        net(point[None])[0, index].backward()
        total += point.grad.double() / steps
    return total * (image - baseline).double()


def package(cam, net, layer, x, classes):
    """pytorch-grad-cam's maps before scaling."""
    kept = []
    made = cam(net, [layer])
    compute = made.get_cam_image
    made.get_cam_image = lambda *args: kept.append(compute(*args)) or kept[-1]
    heat = made(x, [ClassifierOutputTarget(index) for index in classes])
    return numpy.asarray(kept[0]), heat


def small():
    """cifar_resnet8 on two random images."""
    torch.manual_seed(0)
    net = CifarResNet(8).eval()
    x = torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    classes, results = [3, 7], {}
    for name in ["layer2", "layer3"]:
        layer = getattr(net, name)
        maps, slopes, logits = hooked(net, layer, x, classes)
        eigen, heat = package(EigenCAM, net, layer, x, classes)
        # The sign of a singular vector is arbitrary: store the package's result with the sign normalised.
        total = maps.sum(1).numpy()
        signs = numpy.sign((eigen * total).sum((1, 2), keepdims=True))
        results[name] = {
            "torch": {
                "gradcam": encoded(grad_cam(maps, slopes)),
                "gradcam++": encoded(grad_cam_plus_plus(maps, slopes)),
                "eigencam": encoded(eigen_cam(maps, False)),
                "scorecam": encoded(score_cam(net, x, maps, classes, False)),
            },
            "grad-cam": {
                "gradcam": encoded(numpy.maximum(package(GradCAM, net, layer, x, classes)[0], 0)),
                "gradcam++": encoded(numpy.maximum(package(GradCAMPlusPlus, net, layer, x, classes)[0], 0)),
                "eigencam": encoded(eigen * signs),
                "scorecam": encoded(numpy.maximum(package(ScoreCAM, net, layer, x, classes)[0], 0)),
                "heat": sample(package(GradCAM, net, layer, x, classes)[1]),
            },
        }
    image, index, fill = x[0], classes[0], [0.5, 0.25, 0.125]
    net.zero_grad()
    baseline = torch.rand(3, 32, 32, generator=torch.Generator().manual_seed(2))
    options = {"patch": 8, "stride": 5, "fill": fill}
    by_captum = Occlusion(net).attribute(
        x[:1], (3, 8, 8), strides=(3, 5, 5), baselines=torch.tensor(fill)[None, :, None, None].expand(1, 3, 32, 32), target=index
    )
    return {
        "classes": classes, "logits": encoded(logits), "layers": results,
        "occlusion": {
            **options,
            "probability": encoded(occlusion(net, image, index, 8, 5, fill, "probability")),
            "logit": encoded(occlusion(net, image, index, 8, 5, fill, "logit")),
            "captum": sample(by_captum[0, 0]),
        },
        "integrated": {
            "steps": 20,
            "middle": sample(integrated_gradients(net, image, baseline, index, 20, 0.5)),
            "end": sample(integrated_gradients(net, image, baseline, index, 20, 1)),
            "captum": sample(
                IntegratedGradients(net).attribute(
                    x[:1], baseline[None], target=index, n_steps=20, method="riemann_middle"
                )
            ),
        },
    }


def large():
    """resnet18 on a photograph, Grad-CAM on its last stage and on an inner convolution."""
    torch.manual_seed(0)
    net = torchvision.models.resnet18().eval()
    x = ImageClassification(crop_size=224)(Image.open(ROOT / "assets/cat.jpg").convert("RGB"))[None]
    maps, slopes, logits = hooked(net, net.layer4, x, [282])
    inner, inner_slopes, _ = hooked(net, net.layer3[1].conv1, x, [282])
    by_package = package(GradCAM, net, net.layer4, x, [282])
    return {
        "class": 282, "logits": sample(logits),
        "layer4": encoded(grad_cam(maps, slopes)),
        "layer3.1.conv1": encoded(grad_cam(inner, inner_slopes)),
        "grad-cam": encoded(numpy.maximum(by_package[0], 0)),
    }


def main():
    versions = {name: importlib.metadata.version(name) for name in ["grad-cam", "captum"]}
    versions |= {"torch": torch.__version__, "torchvision": torchvision.__version__}
    goldens = {"versions": versions, "cifar_resnet8": small(), "resnet18": large()}
    (ROOT / "test/goldens/explain.json").write_text(json.dumps(goldens, indent=1) + "\n")


main()
