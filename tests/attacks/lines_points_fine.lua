-- lines expect: ok: what looks odd and is a number all the same
return 50 --> 50
return 50.0 --> 50
return 100 --> 100
return 0 --> 0
return -0.0 --> 0
return 0x32 --> 50
return 5e-324 --> 0
return 1e2 --> 100
return 50, nil --> 50
return 50, "as expected" --> 50
return 50, "" --> 50
return 100 * (0.1 + 0.2) --> 30
return 7 // 2 --> 3
return (math.mininteger // -1 == math.mininteger) and 1 or 0 --> 1
return math.mininteger % -1 --> 0
return math.abs(math.mininteger) == math.mininteger and 1 or 0 --> 1
return math.maxinteger + 1 == math.mininteger and 1 or 0 --> 1
return math.maxinteger * 2 == -2 and 1 or 0 --> 1
return 1 << 63 == math.mininteger and 1 or 0 --> 1
return 1 << 64 --> 0
return 1 << -1 --> 0
return 1 >> math.mininteger --> 0
return 10 // 0.3 --> 33
return -7 // 2 + 10 --> 6
return 5.5 % -2 + 10 --> 9.5
return math.fmod(-7, 2) + 10 --> 9
return math.tointeger(3.0) --> 3
return math.ult(1, -1) and 1 or 0 --> 1
return (2^53 == 2^53 + 1) and 1 or 0 --> 1
return math.type(2^31 | 0) == "integer" and 1 or 0 --> 1
return (math.maxinteger + 0.0 == math.maxinteger) and 1 or 0 --> 0
return (math.maxinteger < math.maxinteger + 0.0) and 1 or 0 --> 1
return 9223372036854775808 == 2^63 and 1 or 0 --> 1
return 0xffffffffffffffffff == -1 and 1 or 0 --> 1
return #tostring(0 / 0) <= 4 and 1 or 0 --> 1
