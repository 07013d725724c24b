"""A model as one ONNX file: export, parity check, 8-bit storage, model card."""
