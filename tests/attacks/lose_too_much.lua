-- expect: ok|error|points: more than there is
item.lose(1e6, "all and more")
