"""LightGazeFit: an ordinary video becomes gaze, lids, head and face (docs/fit.md)."""

from talkingeyes.fit.fit import FitDiagnostics, fit_video, fit_video_closely

__all__ = ["FitDiagnostics", "fit_video", "fit_video_closely"]
