"""The contract of a model file, shared by the app, the trainer and MECOMP.

ONNX, opset 17 or later, the feature front-end inside the graph.

- input ``audio``: float32 ``[batch, samples]``, mono, −1…1, any length from one second up;
- output ``embedding``: float32 ``[batch, dimension]``, L2-normalised; Euclidean distance
  between two of them is perceived dissimilarity;
- output ``pooled``: float32 ``[batch, width]``, what the head turns into ``embedding``;
- metadata properties as named below.

Dimension and rate are read from the file, never assumed.
"""

from typing import Final

INPUT_AUDIO: Final = "audio"
OUTPUT_EMBEDDING: Final = "embedding"
OUTPUT_POOLED: Final = "pooled"

META_NAME: Final = "name"
META_SAMPLE_RATE_HZ: Final = "sample_rate_hz"
META_BODY_HASH: Final = "body_hash"
META_HEAD_HASH: Final = "head_hash"
META_RECIPE: Final = "recipe"
META_DATE: Final = "date"
META_VERDICT: Final = "verdict"  # optional: how it agreed with a listener before and after, JSON
# Optional: audible qualities read from ``pooled``, see ``linear_probe``. The word in the file is
# older than the name here; files of listeners have it.
META_LINEAR_PROBE: Final = "readout"
META_TRAINED: Final = "trained"  # optional: "false" where the weights are random
REQUIRED_METADATA: Final = (META_NAME, META_SAMPLE_RATE_HZ, META_BODY_HASH, META_HEAD_HASH)

DEFAULT_SAMPLE_RATE_HZ: Final = 22_050
BUNDLED_MODEL: Final = "model/similarity.onnx"
