-- Who has a domain is asked of a scope, which is a range and no distributor.
ALTER TABLE tenant ADD KEY domain_alone (domain)
