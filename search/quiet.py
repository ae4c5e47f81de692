"""Turns telemetry of libraries off. Import it before onnxruntime and huggingface_hub: they read it on import.

Otherwise onnxruntime keeps an event database and the machine's identity below the user's cache, and looks up its
maker's collector; huggingface_hub sends its version and the machine's.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
