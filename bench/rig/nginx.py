"""nginx twice: as the upstream with one fixed answer, and as the plain reverse proxy to be compared with."""

import getpass
import os

from rig.process import Process, free_port

# A chat completion of about 0.7 KB, with spellings that a rewriting gateway would change (1.10, 1e2, the key order).
ANSWER = (
    '{"id":"chatcmpl-BcF3pQ7yXo1mK9sLw2Rt8VuZ","object":"chat.completion","created":1767225600,'
    '"model":"upstream-model-2026-01-01","choices":[{"index":0,"message":{"role":"assistant","content":'
    '"When the lead cannot go on, the understudy steps in: same lines, same marks, and the audience barely notices. '
    'What matters is that somebody learned the part beforehand and stands ready in the wings.","refusal":null,'
    '"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":92,"completion_tokens":41,'
    '"total_tokens":133,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0}},'
    '"service_tier":"default","system_fingerprint":"fp_0123456789","x_cost":1.10,"x_scale":1e2}'
)

_COMMON = """\
{user}daemon off;
pid {folder}/{name}.pid;
error_log {folder}/{name}.err warn;
worker_processes {workers};
{affinity}worker_rlimit_nofile 16384;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    default_type application/json;
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/{name}.body;
    proxy_temp_path {folder}/{name}.proxy;
    fastcgi_temp_path {folder}/{name}.fastcgi;
    uwsgi_temp_path {folder}/{name}.uwsgi;
    scgi_temp_path {folder}/{name}.scgi;
{http}
}}
"""

_UPSTREAM = """\
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location = /v1/chat/completions {{ return 200 '{answer}'; }}
        location = /ready {{ return 200 'ready'; }}
    }}"""

_PROXY = """\
    upstream model {{
        server 127.0.0.1:{upstream_port};
        keepalive 256;
        keepalive_requests 1000000000;
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://model;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}"""


def start_upstream(nginx, folder, cpu):
    """One worker, pinned to one CPU, with the fixed answer; gives the process and its port."""
    port = free_port()
    affinity = f"worker_cpu_affinity {1 << cpu:b};\n"
    return _start(nginx, folder, "upstream", 1, affinity, _UPSTREAM.format(port=port, answer=ANSWER)), port


def start_proxy(nginx, folder, upstream_port, workers, cpus=None):
    """A reverse proxy as one writes it by hand; gives the process and its port."""
    port = free_port()
    http = _PROXY.format(port=port, upstream_port=upstream_port)
    return _start(nginx, folder, "proxy", workers, "", http, cpus).wait_until_answers(port, "/ready"), port


def _start(nginx, folder, name, workers, affinity, http, cpus=None):
    configuration = os.path.join(folder, name + ".conf")
    # Workers of a master that root started would be nobody, who may not enter our folder.
    user = f"user {getpass.getuser()};\n" if os.geteuid() == 0 else ""
    with open(configuration, "w", encoding="utf-8") as file:
        file.write(
            _COMMON.format(user=user, folder=folder, name=name, workers=workers, affinity=affinity, http=http)
        )
    command = [nginx, "-p", folder, "-c", configuration, "-e", os.path.join(folder, name + ".err")]
    return Process("nginx " + name, command, cpus=cpus, error_log=os.path.join(folder, name + ".start.err"))
