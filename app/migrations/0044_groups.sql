-- A list of a group's cases begins with its customers, if they have few.
CREATE INDEX service_groups_name ON service_groups (name, customer_id);
