insert into patient (uuid, birth_name, birth_given_name, birth_date, sex, birth_place, status, state)
  select gen_random_uuid(), 'NOM' || md5((n % 50000)::text), 'PRENOM' || (n % 800), date '1930-01-01' + (n % 32000),
    case n % 2 when 0 then 'F' else 'M' end, '91228', 'PROV', repeat('x', 400)
  from generate_series(1, :patients) n;
insert into identifier select id, 'ipp', lpad(id::text, 12, '0') from patient;
insert into stay (uuid, patient, number, class, status, unit, admitted_at, state)
  select gen_random_uuid(), 1 + n % :patients, lpad(n::text, 10, '0'), 'inpatient', 'discharged', '1010',
    now() - n * interval '1 minute', repeat('x', 400)
  from generate_series(1, :stays) n;
insert into movement (stay, at, trigger, unit)
  select 1 + n / 2, now() - n * interval '1 minute', 'A01', '1010' from generate_series(1, 2 * :stays) n;
insert into journal (command, author, line)
  select gen_random_uuid(), 'a', repeat('x', 900) from generate_series(1, :patients + :stays) n;
analyze;
