"""Child processes that read unknown bytes.

The parent's side: `WorkerSlot` keeps one child alive and judges what killed it, `WorkerPool` is
a few slots behind a queue. The child's side: `worker_main.serve`. Which module a child runs, and
what a job and its answer look like, is the business of the room that uses it.
"""
