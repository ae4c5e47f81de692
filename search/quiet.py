"""What keeps libraries from reporting home. Import it before onnxruntime and the hub's library: they read it only then.

Onnxruntime else keeps an event database and the machine's identity below the user's cache, and looks up its maker's
collector; the hub's library sends its version and the machine's.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
