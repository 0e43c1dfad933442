"""Which task an architecture serves, by the class name that config.json gives.

Names by hand first, then the endings that ``transformers`` gives its classes.
"""

from __future__ import annotations

_TEXT_TO_TEXT = (
    "T5", "MT5", "UMT5", "LongT5", "SwitchTransformers", "T5Gemma", "Bart", "MBart", "BigBirdPegasus",
    "Blenderbot", "BlenderbotSmall", "FSMT", "LED", "M2M100", "Mvp", "NllbMoe", "PLBart", "Pegasus",
    "PegasusX", "ProphetNet",
)  # fmt: skip
_SPEECH_TO_TEXT = (
    "Whisper", "Speech2Text", "Moonshine", "MoonshineStreaming", "KyutaiSpeechToText",
    "GraniteSpeech", "Voxtral", "VoxtralRealtime",
)  # fmt: skip
_AUDIO = (
    "Data2VecAudio", "Hubert", "SEW", "SEWD", "UniSpeech", "UniSpeechSat", "Wav2Vec2", "Wav2Vec2Bert",
    "Wav2Vec2Conformer", "WavLM",
)  # fmt: skip
_BY_NAME: dict[str, str] = {
    **{f"{family}ForConditionalGeneration": "text2text-generation" for family in _TEXT_TO_TEXT},
    **{
        f"{family}ForConditionalGeneration": "automatic-speech-recognition"
        for family in _SPEECH_TO_TEXT
    },
    **{f"{family}ForSequenceClassification": "audio-classification" for family in _AUDIO},
    "BertGenerationDecoder": "text-generation",
    "ReformerModelWithLMHead": "text-generation",
    "XLMWithLMHeadModel": "fill-mask",
    "FlaubertWithLMHeadModel": "fill-mask",
    "MarianMTModel": "translation",
    "FuyuForCausalLM": "image-text-to-text",
    "GitForCausalLM": "image-text-to-text",
    "VisionEncoderDecoderModel": "image-to-text",
    "SpeechEncoderDecoderModel": "automatic-speech-recognition",
    "VitsModel": "text-to-speech",
    "BarkModel": "text-to-speech",
    "CsmForConditionalGeneration": "text-to-speech",
    "MusicgenForConditionalGeneration": "text-to-audio",
    "MusicgenMelodyForConditionalGeneration": "text-to-audio",
    "FastSpeech2ConformerWithHifiGan": "text-to-speech",
    "CLIPModel": "zero-shot-image-classification",
    "SiglipModel": "zero-shot-image-classification",
    "Siglip2Model": "zero-shot-image-classification",
    "AlignModel": "zero-shot-image-classification",
    "ChineseCLIPModel": "zero-shot-image-classification",
}
_BY_ENDING = (
    ("ForCausalLM", "text-generation"),
    ("LMHeadModel", "text-generation"),
    ("ForSequenceClassification", "text-classification"),
    ("ForTokenClassification", "token-classification"),
    ("ForDocumentQuestionAnswering", "document-question-answering"),
    ("ForVisualQuestionAnswering", "visual-question-answering"),
    ("ForTableQuestionAnswering", "table-question-answering"),
    ("ForQuestionAnswering", "question-answering"),
    ("ForMaskedLM", "fill-mask"),
    ("ForPreTraining", "feature-extraction"),
    ("ForImageClassification", "image-classification"),
    ("ForVideoClassification", "video-classification"),
    ("ForZeroShotObjectDetection", "zero-shot-object-detection"),
    ("ForObjectDetection", "object-detection"),
    ("ForSemanticSegmentation", "image-segmentation"),
    ("ForInstanceSegmentation", "image-segmentation"),
    ("ForUniversalSegmentation", "image-segmentation"),
    ("ForImageSegmentation", "image-segmentation"),
    ("ForDepthEstimation", "depth-estimation"),
    ("ForKeypointDetection", "keypoint-detection"),
    ("ForMaskGeneration", "mask-generation"),
    ("ForCTC", "automatic-speech-recognition"),
    ("ForRNNT", "automatic-speech-recognition"),
    ("ForSpeechToText", "automatic-speech-recognition"),
    ("ForTextToSpeech", "text-to-speech"),
    ("ForAudioClassification", "audio-classification"),
    ("ForAudioFrameClassification", "audio-classification"),
)
TEXT_TASKS = frozenset({
    "text-generation", "text2text-generation", "translation", "text-classification",
    "token-classification", "question-answering", "fill-mask", "feature-extraction",
})  # fmt: skip
"""What reads text, and needs a tokenizer for it."""
GENERATING_TASKS = frozenset({
    "text-generation", "text2text-generation", "translation", "image-text-to-text",
})  # fmt: skip
"""What keeps a key-value cache while it writes."""


def task_of(architecture: str, *, sees_images: bool, hears_audio: bool) -> str:
    """Return the Hugging Face task tag, or an empty string where the name does not tell.

    Args:
        architecture: The class name, such as ``LlamaForCausalLM``.
        sees_images: config.json describes a part that reads images.
        hears_audio: config.json describes a part that reads sound.
    """
    if architecture in _BY_NAME:
        return _BY_NAME[architecture]
    for ending, task in _BY_ENDING:
        if architecture.endswith(ending):
            return task
    if architecture.endswith("ForConditionalGeneration"):
        if sees_images:
            return "image-text-to-text"
        return "automatic-speech-recognition" if hears_audio else ""
    if architecture.endswith("Model"):
        return _embedding_task(sees_images=sees_images, hears_audio=hears_audio)
    return ""


def _embedding_task(*, sees_images: bool, hears_audio: bool) -> str:
    if sees_images:
        return "image-feature-extraction"
    return "" if hears_audio else "feature-extraction"
