-- As a superuser, once: an owner of the tables, and the role the server works as (no bypass, no DELETE).
CREATE ROLE province_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOBYPASSRLS;
CREATE ROLE jobdesk_app LOGIN PASSWORD :'app_password' NOSUPERUSER NOBYPASSRLS;
CREATE DATABASE province OWNER province_owner;
\connect province
ALTER SCHEMA public OWNER TO province_owner;
SET ROLE province_owner;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO jobdesk_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO jobdesk_app;
