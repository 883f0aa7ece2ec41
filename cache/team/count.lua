-- One sliding log for everybody, with the server's clock.
-- KEYS: log, gate, machines, people, waiting, born. ARGV[1] names the act.
local act = ARGV[1]
local machine, person = ARGV[2], ARGV[3]
local margin, minute, hour = tonumber(ARGV[4]), 60000, 3600000
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local keep = hour + margin

local function hold(key) redis.call('PEXPIRE', key, keep) end

-- Since when the log has known of everybody: who knew it before another time does
-- not trust what it says now.
local born = redis.call('EXISTS', KEYS[1]) == 1 and redis.call('GET', KEYS[6])
if not born then
	born = string.format('%.0f', now)
	redis.call('SET', KEYS[6], born)
end
hold(KEYS[6])

-- Entries further ahead than a window is long were left by a clock set back.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - keep)
redis.call('ZREMRANGEBYSCORE', KEYS[1], now + keep, '+inf')
for _, key in ipairs({KEYS[3], KEYS[4]}) do
	redis.call('ZREMRANGEBYSCORE', key, '-inf', now - minute)
	redis.call('ZREMRANGEBYSCORE', key, now + minute, '+inf')
end
redis.call('ZADD', KEYS[3], now, machine)
redis.call('ZADD', KEYS[4], now, person)
hold(KEYS[3])
hold(KEYS[4])

local function inside(window)
	return '(' .. (now - window - margin), '(' .. (now + window + margin)
end

local function count(window)
	local from, to = inside(window)
	return redis.call('ZCOUNT', KEYS[1], from, to)
end

local function untilRoom(window, room)
	local n = count(window)
	if n < room then return 0 end
	local from, to = inside(window)
	local last = redis.call('ZRANGEBYSCORE', KEYS[1], from, to, 'WITHSCORES', 'LIMIT', n - room, 1)
	return math.max(1, math.min(tonumber(last[2]), now) + window + margin - now)
end

-- Who took more than an even part lets those in first who were sent away.
local function unfair(room)
	redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now)
	local waiting = redis.call('ZRANGE', KEYS[5], 0, -1)
	local others = 0
	for _, other in ipairs(waiting) do
		if other ~= machine then others = others + 1 end
	end
	if others == 0 then return false end
	local from, to = inside(minute)
	local mine = 0
	for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], from, to)) do
		if string.sub(member, 1, #machine) == machine then mine = mine + 1 end
	end
	return mine >= math.ceil(room / (others + 1))
end

local wait = 0
if act == 'take' then
	local perMinute, perHour, member = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
	wait = math.max(redis.call('PTTL', KEYS[2]), 0)
	if wait == 0 then
		wait = math.max(untilRoom(minute, perMinute), untilRoom(hour, perHour))
		if wait > 0 then
			-- Kept a little longer than the wait, so that who waited gets its turn.
			redis.call('ZADD', KEYS[5], now + math.min(wait, minute + margin) + 1000, machine)
			hold(KEYS[5])
		elseif unfair(perMinute) then
			wait = 200
		else
			redis.call('ZADD', KEYS[1], now, member)
			redis.call('ZREM', KEYS[5], machine)
			hold(KEYS[1])
		end
	end
elseif act == 'settle' then
	redis.call('ZREM', KEYS[1], ARGV[5])
	for i = 6, #ARGV do redis.call('ZADD', KEYS[1], now, ARGV[i]) end
	hold(KEYS[1])
elseif act == 'add' then
	-- What was counted while the server was away: pairs of age and member.
	for i = 5, #ARGV, 2 do
		redis.call('ZADD', KEYS[1], 'NX', now - tonumber(ARGV[i]), ARGV[i + 1])
	end
	hold(KEYS[1])
elseif act == 'shut' then
	local lasts = math.min(tonumber(ARGV[5]), keep)
	if lasts > math.max(redis.call('PTTL', KEYS[2]), 0) then
		redis.call('SET', KEYS[2], '1', 'PX', lasts)
	end
end

return {
	wait, count(minute), count(hour), math.max(redis.call('PTTL', KEYS[2]), 0),
	redis.call('ZCARD', KEYS[3]), redis.call('ZCARD', KEYS[4]), tonumber(born)
}
