drop table roster_faults;
drop table roster_bundle_chunks;
drop table roster_imports;
