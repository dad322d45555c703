-- The month of the benchmark as somebody would rate it in PostgreSQL: events in order, running sums by window functions, each
-- event cut where a tier ends, amounts rounded once per row. Buckets are given as `tier`, one list for each product and kind
-- of usage, with what rolled in from September already in their sizes. :times is how often ten events a service has.
DROP TABLE IF EXISTS rated;
DROP TABLE IF EXISTS tier;
CREATE TABLE tier (product text, usage_type text, bucket text, is_own boolean, tier int, from_base numeric, until_base numeric,
  price numeric, flat numeric);
-- Sizes in base units, prices in minor units for one of them; the last tier of an endless bucket has no end.
INSERT INTO tier VALUES
  ('own', 'data', 'own-data', true, 1, 0, 1000e6, 0, 0),
  ('own', 'voice', 'own-voice', true, 1, 0, 10200, 0, 0),
  ('rollover', 'data', 'own-rollover', true, 1, 0, 1500e6, 0, 0),
  ('rollover', 'voice', 'rollover-voice', false, 1, 0, 402000, 0, 0),
  ('account', 'data', 'parent-data', false, 1, 0, 50000e6, 0, 0),
  ('account', 'voice', 'account-voice', false, 1, 0, 402000, 0, 0),
  ('shared', 'data', 'shared-data', false, 1, 0, 40000e6, 0, 0),
  ('shared', 'data', 'shared-data', false, 2, 40000e6, 'infinity', 2 / 1e6, 0),
  ('shared', 'voice', 'shared-voice', false, 1, 0, 402000, 0, 0),
  ('limited', 'data', 'limited-data', false, 1, 0, 20000e6, 0, 0),
  ('limited', 'voice', 'limited-voice', false, 1, 0, 402000, 0, 0),
  ('tight', 'data', 'tight-data', false, 1, 0, 8000e6, 0, 0),
  ('tight', 'data', 'tight-data', false, 2, 8000e6, 10000e6, 0, 500),
  ('tight', 'data', 'tight-data', false, 3, 10000e6, 'infinity', 2 / 1e6, 0),
  ('tight', 'voice', 'tight-voice', false, 1, 0, 40200, 0, 0);
UPDATE tier SET from_base = from_base * :times, until_base = until_base * :times;
CREATE TABLE rated AS
-- Calls are billed by whole minutes.
WITH billed AS (
  SELECT u.service, s.account, s.product, u.usage_type, u.started_at, u.id,
    CASE u.usage_type WHEN 'voice' THEN (u.quantity_base + 59) / 60 * 60 ELSE u.quantity_base END::numeric AS base
  FROM usage AS u JOIN service AS s USING (service)),
-- What a limit lets each event draw.
allowed AS (
  SELECT *, CASE WHEN product = 'limited' AND usage_type = 'data'
    THEN least(used, 260e6 * :times) - least(used - base, 260e6 * :times) ELSE base END AS want
  FROM (SELECT *, sum(base) OVER (PARTITION BY service, usage_type ORDER BY started_at, id) AS used FROM billed) AS b),
-- How much of the bucket was drawn when the event came.
placed AS (
  SELECT a.*, b.bucket,
    CASE WHEN b.is_own THEN sum(want) OVER (PARTITION BY a.service, a.usage_type ORDER BY started_at, id)
      ELSE sum(want) OVER (PARTITION BY a.account, a.usage_type ORDER BY started_at, id) END - want AS before
  FROM allowed AS a JOIN tier AS b ON b.product = a.product AND b.usage_type = a.usage_type AND b.tier = 1),
-- One row per event and tier that it drew from.
drawn AS (
  SELECT p.service, p.usage_type, p.id, p.base, t.bucket, t.tier, t.price,
    greatest(0, least(p.before + p.want, t.until_base) - greatest(p.before, t.from_base)) AS part,
    CASE WHEN t.from_base >= p.before AND t.from_base < p.before + p.want THEN t.flat ELSE 0 END AS flat
  FROM placed AS p JOIN tier AS t ON t.product = p.product AND t.usage_type = p.usage_type),
-- Out of bucket: 0.10 a megabyte; calls 0.05 a minute, at least 0.10, and 0.02 for the connection.
rest AS (
  SELECT service, usage_type, id, base - sum(part) AS part FROM drawn GROUP BY service, usage_type, id, base)
SELECT service, usage_type, bucket, tier, sum(part)::bigint AS quantity_base, round(sum(part * price) + sum(flat))::bigint AS amount_minor
FROM drawn WHERE part > 0 GROUP BY service, usage_type, bucket, tier
UNION ALL
SELECT service, usage_type, '', 0, sum(part)::bigint, round(sum(CASE usage_type
    WHEN 'data' THEN part * 10 / 1e6 ELSE greatest(10, part * 5 / 60) + 2 END))::bigint
FROM rest WHERE part > 0 GROUP BY service, usage_type;
