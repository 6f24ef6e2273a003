-- The user of a userName, with the ids of the groups that it is in: what Entra asks for before all else. Stands alone,
-- without prelude.lua, which costs more than this.
--
-- KEYS[1] prefix of the connection   ARGV[1] userName as the index has it
-- RETURN {id, the stored text, group, group ...}, or {} when there is none
local P = KEYS[1]
local id = redis.call('HGET', P .. 'un', ARGV[1])
local text = id and redis.call('GET', P .. 'u:' .. id)
if not text then return {} end
local reply = { id, text }
for _, group in ipairs(redis.call('HKEYS', P .. 'mg:' .. id)) do reply[#reply + 1] = group end
return reply
