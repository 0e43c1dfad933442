"""Things with an identity and a life: models, runs, environments, workers."""
