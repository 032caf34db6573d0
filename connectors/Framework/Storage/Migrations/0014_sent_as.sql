-- Under what a write was sent, "revision.refusals": a destination that takes a key of ours is sent the same one until it said a definite no,
-- whatever revision is wanted meanwhile. Null where it was begun before this column: the revision, and no refusal.
alter table step add column sent_as text;
