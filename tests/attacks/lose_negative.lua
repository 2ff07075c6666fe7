-- expect: error|points|ok: a loss that is a gain
item.lose(-50, "a present")
return 100
