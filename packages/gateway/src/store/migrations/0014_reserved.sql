-- 0014 (compatible with 0001+): reserved

select 1;
