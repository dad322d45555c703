-- The allocation of the benchmark as somebody would write it for PostgreSQL: each component of each pool prorated by usage
-- after a floor, rounded by largest remainder, ties to the smaller service id. :floor_minor is the floor.
-- Integer arithmetic throughout: where a product passes 2^63 PostgreSQL refuses, and it does not round.
DROP TABLE IF EXISTS adjusted;
CREATE TABLE adjusted AS
WITH drawn AS (
  SELECT service, sum(quantity_base)::bigint AS used FROM usage GROUP BY service),
billed AS (
  SELECT service, category, sum(amount_minor)::bigint AS actual_minor FROM charge
  WHERE category IN ('access', 'overage') GROUP BY service, category),
-- One row per pool, component and member.
participant AS (
  SELECT m.pool, c.component, m.service, coalesce(b.actual_minor, 0) AS actual_minor, greatest(coalesce(d.used, 0), 0) AS used
  FROM pool_member AS m CROSS JOIN (VALUES ('access'), ('overage')) AS c (component)
  LEFT JOIN drawn AS d ON d.service = m.service
  LEFT JOIN billed AS b ON b.service = m.service AND b.category = c.component),
total AS (
  SELECT *, (sum(actual_minor) OVER part)::bigint AS charge_minor, (sum(used) OVER part)::bigint AS pool_used,
    count(*) OVER part AS members
  FROM participant WINDOW part AS (PARTITION BY pool, component)),
-- Where the floors are more than the charge, or nobody used anything, everybody weighs the same.
weighed AS (
  SELECT *, CASE WHEN members * :floor_minor >= charge_minor THEN 0 ELSE :floor_minor END AS floor_minor,
    CASE WHEN members * :floor_minor >= charge_minor OR pool_used = 0 THEN 1 ELSE used END AS weight,
    CASE WHEN members * :floor_minor >= charge_minor OR pool_used = 0 THEN members ELSE pool_used END AS weights
  FROM total),
shared AS (
  SELECT *, floor_minor + (charge_minor - members * floor_minor) * weight / weights AS whole_minor,
    (charge_minor - members * floor_minor) * weight % weights AS remainder
  FROM weighed),
ranked AS (
  SELECT *, charge_minor - (sum(whole_minor) OVER (PARTITION BY pool, component))::bigint AS units,
    row_number() OVER (PARTITION BY pool, component ORDER BY remainder DESC, service COLLATE "C") AS place
  FROM shared)
SELECT pool, component, service, actual_minor, whole_minor + (place <= units)::int AS adjusted_minor FROM ranked;
