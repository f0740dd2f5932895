select s.id, p.given_name, p.family_name, p.preferred_given_name, p.preferred_family_name, s.grade, s.birth_date, s.school_id, f.id, s.active, s.version
  from students s
  join people p on p.district_id = $DISTRICT and p.id = s.id
  left join ilp_files f on f.district_id = $DISTRICT and f.student_id = s.id
 where s.district_id = $DISTRICT
   and s.id in (select student_id from assignments where district_id = $DISTRICT and person_id = (select person_id from bench.caseloads where number = $NUMBER))
 order by s.id limit 101
