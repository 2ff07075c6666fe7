-- Requires itself.
return require "circle"
