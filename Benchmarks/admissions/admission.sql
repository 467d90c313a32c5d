\set n random(1, 1000000000)
begin;
insert into patient (uuid, birth_name, birth_given_name, birth_date, sex, birth_place, status, state)
  values (gen_random_uuid(), 'NOM' || md5((:n % 50000)::text), 'PRENOM' || (:n % 800), date '1930-01-01' + (:n % 32000),
    'F', '91228', 'PROV', repeat('x', 400)) returning id as patient \gset
insert into identifier values (:patient, 'ipp', 'P' || lpad(:patient::text, 12, '0'));
insert into stay (uuid, patient, number, class, status, unit, bed, admitted_at, state)
  values (gen_random_uuid(), :patient, 'N' || lpad(:patient::text, 12, '0'), 'emergency', 'admitted', 'URG', null, now(), repeat('x', 400))
  returning id as stay \gset
insert into movement (stay, at, trigger, unit) values (:stay, now(), 'A04', 'URG');
insert into journal (command, author, line) values (gen_random_uuid(), 'a', repeat('x', 900));
commit;
