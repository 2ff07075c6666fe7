-- expect: limit: an iterator without an end
for _ in function() return 1 end do end
