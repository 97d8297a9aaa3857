-- Creates the two roles and the database of a gateway whose own role owns nothing. Run it once, as an administrator of
-- the server, with two passwords of your own:
--
--   psql "postgres://admin@db.example.com/postgres" -v owner_password=… -v runtime_password=… -f docs/sql/create-roles.sql
--
-- Then migrate with both addresses, and give the gateway only DATABASE_URL:
--
--   export DATABASE_URL=postgres://chatferry:RUNTIME_PASSWORD@db.example.com/chatferry
--   CHATFERRY_MIGRATION_DATABASE_URL=postgres://chatferry_owner:OWNER_PASSWORD@db.example.com/chatferry npm run migrate
--
-- "npm run migrate" gives the role chatferry its rights on every table, and repeats this after each migration
-- (the function grant_runtime in packages/gateway/src/store/schema.sql).

\set ON_ERROR_STOP on

-- Owns the database and its tables. Only migrations and restores use it.
create role chatferry_owner login nosuperuser nobypassrls password :'owner_password';
-- The running gateway: it owns nothing, and is not a member of the owner.
create role chatferry login nosuperuser nocreatedb nocreaterole nobypassrls password :'runtime_password';

-- On a managed server the administrator is not a superuser, and must be a member of the owner to create its database.
grant chatferry_owner to current_user;
create database chatferry owner chatferry_owner encoding 'UTF8' template template0;
revoke all on database chatferry from public;
grant connect, temporary on database chatferry to chatferry;

-- A database that one role has owned so far is split like this instead, as a superuser, in that database and with all
-- gateways stopped:
--
--   create role chatferry_owner login nosuperuser nobypassrls password '…';
--   reassign owned by chatferry to chatferry_owner;
