-- whole
-- expect: error: not a definition
return 42
