"""An avatar (glTF, VRM): container, rig, eyeballs, morph targets, names, mapping, and what it shows of a motion."""
