"""What the papers tried: the questions, the runs that answer them, and what they found.

A run is named by what sets it apart from the paper's own choice, ``chosen``; several questions
share that one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from trainer.errors import DataError

CHOSEN = "chosen"
CROSS_ENTROPY = "cross-entropy"
BASELINE = "MFCC"

Recipe = Literal["tiny", "prcnn", "human"]


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of training, run once for every seed.

    Attributes:
        name: Its folder.
        recipe: Which settings it starts from (see ``trainer.recipes.papers.runs``).
        options: What it changes, as options of the trainer's command.
        parent: The arm whose weights it starts from, if any.
    """

    name: str
    recipe: Recipe = "tiny"
    options: tuple[str, ...] = ()
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a paper asked, and its answer.

    Attributes:
        source: Where in the papers.
        found: The paper's answer.
        arms: By label, the arm; the paper's choice first.
        measures: What answers it, the deciding one first (see ``trainer.recipes.papers.results``).
        reported: By label and measure, the paper's own figures, where it gives some.
        human: Whether it takes human judgments.
    """

    name: str
    source: str
    found: str
    arms: Mapping[str, str]
    measures: tuple[str, ...] = ("genre triplets", "validation", "human triplets", "MAP")
    reported: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    human: bool = False


ARMS: Mapping[str, Arm] = {
    arm.name: arm
    for arm in (
        Arm(CHOSEN),
        Arm("pooling-mean", options=("--pooling", "mean")),
        Arm("pooling-last", options=("--pooling", "last")),
        Arm("frame-1024", options=("--frame-size", "1024")),
        Arm("frame-4096", options=("--frame-size", "4096")),
        Arm("dimension-16", options=("--dimension", "16")),
        Arm("dimension-64", options=("--dimension", "64")),
        Arm("dimension-128", options=("--dimension", "128")),
        Arm("hidden-256", options=("--hidden", "256")),
        Arm("dropout-0.2", options=("--dropout", "0.2")),
        Arm("overlap", options=("--overlap", "2")),
        Arm("gru", options=("--architecture", "audio-embedding-gru")),
        Arm("two-stages", "human", parent=CHOSEN),
        Arm("human-only", "human", ("--fresh", "--learning-rate", "0.001"), CHOSEN),
        Arm(CROSS_ENTROPY, "prcnn", ("--objective", "cross-entropy")),
        *(
            Arm(mining, "prcnn", ("--mining", mining), CROSS_ENTROPY)
            for mining in ("random", "semi-hard", "custom", "hard")
        ),
    )
}

QUESTIONS: Mapping[str, Question] = {
    question.name: question
    for question in (
        Question(
            "pooling",
            "001, III.C",
            "mean or last state: 5 to 8 points less accurate on validation data",
            {"attention": CHOSEN, "mean": "pooling-mean", "last state": "pooling-last"},
        ),
        Question(
            "stages",
            "001, III.C",
            "two stages are best: synthetic alone does not carry over to people, human alone "
            "overfits",
            {"two stages": "two-stages", "synthetic only": CHOSEN, "human only": "human-only"},
            ("human triplets", "genre triplets", "MAP"),
            {"two stages": {"human triplets": 0.750}, "synthetic only": {"genre triplets": 0.659}},
            human=True,
        ),
        Question(
            "frame-size",
            "001, III.C",
            "2,048 samples are the best balance",
            {"2,048": CHOSEN, "1,024": "frame-1024", "4,096": "frame-4096"},
        ),
        Question(
            "dimension",
            "001, III.C",
            "32 are enough; 64 and 128 are no more accurate",
            {
                "32": CHOSEN,
                "16": "dimension-16",
                "64": "dimension-64",
                "128": "dimension-128",
            },
        ),
        Question(
            "hidden",
            "001, III.C",
            "a GRU of 128 works better than one of 256",
            {"128": CHOSEN, "256": "hidden-256"},
        ),
        Question(
            "dropout",
            "001, III.C",
            "0.1 works better than 0.2",
            {"0.1": CHOSEN, "0.2": "dropout-0.2"},
        ),
        Question(
            "overlap",
            "001, III.C",
            "frames that overlap by half bring nothing and take twice the time",
            {"none": CHOSEN, "50 %": "overlap"},
        ),
        Question(
            "architecture",
            "001, III.C",
            "AudioEmbeddingGRU is larger and slower, and no better",
            {"AudioEmbeddingTiny": CHOSEN, "AudioEmbeddingGRU": "gru"},
        ),
        Question(
            "strategies",
            "002, table 1",
            "semi-hard is best, then cross-entropy, custom, random; all above MFCC; hard does "
            "not converge",
            {
                "semi-hard": "semi-hard",
                "cross-entropy": CROSS_ENTROPY,
                "custom": "custom",
                "random": "random",
                "hard": "hard",
                "MFCC": BASELINE,
            },
            ("MAP", "MRR", "P@1", "P@5", "P@9"),
            {
                "semi-hard": {
                    "MRR": 0.900, "MAP": 0.845, "P@1": 0.827, "P@5": 0.750, "P@9": 0.687,
                },
                "cross-entropy": {
                    "MRR": 0.862, "MAP": 0.785, "P@1": 0.749, "P@5": 0.721, "P@9": 0.658,
                },
                "custom": {
                    "MRR": 0.856, "MAP": 0.773, "P@1": 0.750, "P@5": 0.694, "P@9": 0.637,
                },
                "random": {
                    "MRR": 0.816, "MAP": 0.724, "P@1": 0.679, "P@5": 0.630, "P@9": 0.580,
                },
                "MFCC": {
                    "MRR": 0.780, "MAP": 0.664, "P@1": 0.623, "P@5": 0.515, "P@9": 0.455,
                },
            },
        ),
    )
}  # fmt: skip


def chosen_questions(names: Sequence[str]) -> list[Question]:
    """The questions of these names, or all of them.

    Raises:
        DataError: There is no question of that name.
    """
    if unknown := [name for name in names if name not in QUESTIONS]:
        raise DataError(f"no ablation {unknown[0]!r}; there are {', '.join(QUESTIONS)}")
    return [question for name, question in QUESTIONS.items() if not names or name in names]


def needed_arms(questions: Sequence[Question]) -> list[Arm]:
    """Every arm that these questions need, parents before their children."""
    names = {arm for question in questions for arm in question.arms.values()}
    # One level is enough: a parent has no parent.
    names |= {ARMS[name].parent for name in names if name in ARMS}
    return [arm for name, arm in ARMS.items() if name in names]
