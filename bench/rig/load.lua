-- wrk's side: one fixed question, every answer compared with the upstream's, the result as one line of JSON.
-- wrk runs this file once per thread; `done` runs in a state of its own and asks the threads for their counts.

local folder = os.getenv("BENCH_FOLDER")

local function contents(name)
    local file = assert(io.open(folder .. "/" .. name, "rb"))
    local text = file:read("*a")
    file:close()
    return text
end

local expected = contents("answer.json")
local threads = {}

wrk.method = "POST"
wrk.body = contents("question.json")
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer sk-bench"

right, wrong, first_wrong = 0, 0, ""

function setup(thread)
    table.insert(threads, thread)
end

function response(status, headers, body)
    if status == 200 and body == expected then
        right = right + 1
    else
        wrong = wrong + 1
        if first_wrong == "" then
            first_wrong = status .. " " .. body:sub(1, 300)
        end
    end
end

local function quoted(text)
    return '"' .. text:gsub('[%c"\\]', function(c) return string.format("\\u%04x", c:byte()) end) .. '"'
end

function done(summary, latency, requests)
    local all_right, all_wrong, example = 0, 0, ""
    for _, thread in ipairs(threads) do
        all_right = all_right + thread:get("right")
        all_wrong = all_wrong + thread:get("wrong")
        if example == "" then
            example = thread:get("first_wrong")
        end
    end
    local errors = summary.errors
    io.stderr:write(string.format(
        '{"requests":%d,"seconds":%.6f,"p50":%.1f,"p99":%.1f,"right":%d,"wrong":%d,"broken":%d,"example":%s}\n',
        summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
        all_right, all_wrong, errors.connect + errors.read + errors.write + errors.timeout, quoted(example)))
end
