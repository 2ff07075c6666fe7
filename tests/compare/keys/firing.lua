return {
  title = "否决",
  reads = { "a" },
  params = { most = 3 },
  score = function(item, a)
    return a ~= nil and a < item.params.most
  end,
}
