-- What a hospital's own developer would make in PostgreSQL for the same admission: the same rows, the same indexes.
create extension if not exists pg_trgm;
create table patient (
  id bigserial primary key, uuid uuid not null unique, birth_name text not null, birth_given_name text not null,
  used_name text, birth_date date, sex char(1), birth_place text, status text not null, state text not null);
create index on patient using gin ((birth_name || ' ' || birth_given_name) gin_trgm_ops);
create index on patient (birth_date);
create table identifier (patient bigint not null, authority text not null, value text not null,
  primary key (authority, value));
create index on identifier (patient);
create table stay (id bigserial primary key, uuid uuid not null unique, patient bigint not null, number text not null unique,
  class text not null, status text not null, unit text, bed text, admitted_at timestamptz not null, state text not null);
create index on stay (patient);
create index on stay (unit, bed) where status = 'admitted';
create table movement (id bigserial primary key, stay bigint not null, at timestamptz not null, trigger text not null,
  unit text, bed text);
create index on movement (stay);
create table journal (sequence bigserial primary key, command uuid not null unique, author text not null,
  written_at timestamptz not null default now(), line text not null);
