-- The day a charge's earlier document was taken back: what bills it anew is not dated before that, or a past day would count both.
ALTER TABLE charges ADD COLUMN bill_from TEXT CHECK (length(bill_from) = 10);
