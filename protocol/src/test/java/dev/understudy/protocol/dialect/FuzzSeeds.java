package dev.understudy.protocol.dialect;

import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Small examples of what each dialect has.
 *
 * @param models such as the dialect's targets have; writers go by the names
 * @param requests whole bodies
 * @param answers whole bodies
 * @param streams complete ones
 */
record FuzzSeeds(
        Dialect dialect,
        List<String> models,
        List<String> requests,
        List<String> answers,
        List<List<Streamed.Line>> streams) {

    static final FuzzSeeds CHAT = chat(new OpenAiDialect());
    static final FuzzSeeds RESPONSES = responses(new ResponsesDialect());
    static final FuzzSeeds ANTHROPIC = anthropic(new AnthropicDialect());
    static final FuzzSeeds GEMINI = gemini(new GeminiDialect());
    static final FuzzSeeds BEDROCK = bedrock(new BedrockDialect());
    static final List<FuzzSeeds> ALL = List.of(CHAT, RESPONSES, ANTHROPIC, GEMINI, BEDROCK);

    private static FuzzSeeds chat(Dialect dialect) {
        return new FuzzSeeds(
                dialect,
                List.of("gpt-5.1", "gpt-4o", "deepseek-reasoner", "mistral-large-latest"),
                List.of("""
                        {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","name":"ann",
                        "content":[{"type":"text","text":"What is this?","cache_control":{"type":"ephemeral"}},
                        {"type":"image_url","image_url":{"url":"data:image/png;base64,aGk=","detail":"low"}},
                        {"type":"input_audio","input_audio":{"data":"aGk=","format":"wav"}},
                        {"type":"file","file":{"file_data":"data:application/pdf;base64,aGk=","filename":"a.pdf"}}]},
                        {"role":"assistant","content":null,"reasoning_content":"Hm.","tool_calls":[{"id":"call_1","type":
                        "function","function":{"name":"look","arguments":"{\\"at\\":1}"}}]},{"role":"tool","tool_call_id":
                        "call_1","content":"a cat"},{"role":"assistant","content":"A"}],"tools":[{"type":"function",
                        "function":{"name":"look","description":"Looks.","parameters":{"type":"object","properties":{"at":
                        {"type":"integer"}},"required":["at"]},"strict":true}}],"tool_choice":{"type":"function",
                        "function":{"name":"look"}},"parallel_tool_calls":false,"max_tokens":100,"temperature":1.5,
                        "top_p":0.5,"seed":7,"n":1,"logprobs":true,"top_logprobs":2,"stream":true,
                        "stream_options":{"include_usage":true},"reasoning_effort":"low","user":"u","metadata":{"a":"b"},
                        "service_tier":"auto","logit_bias":{"1":2},"frequency_penalty":0.1,"presence_penalty":-0.1}
                        """, """
                        {"model":"m","messages":[{"role":"developer","content":"Hi"},{"role":"user","content":"JSON!"},
                        {"role":"assistant","refusal":"No."},{"role":"function","name":"f","content":"1"}],"functions":
                        [{"name":"f","parameters":{}}],"function_call":"auto","max_completion_tokens":5,"stop":"x",
                        "response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":
                        "object","properties":{"a":{"type":["string","null"],"enum":["x"]}},"additionalProperties":false}}}}
                        """),
                List.of("""
                        {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-5.1","choices":
                        [{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null,"reasoning_content":"Hm.",
                        "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}],
                        "annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example","title":"A",
                        "start_index":0,"end_index":2}}],"audio":{"id":"a","data":"aGk=","transcript":"hi"}},
                        "logprobs":{"content":[{"token":"Hi","logprob":-0.1,"bytes":[72],"top_logprobs":[]}]},
                        "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12,
                        "prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":3}},
                        "service_tier":"default","system_fingerprint":"fp"}
                        """),
                List.of(Streamed.lines(dialect, """
                        {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""", """
                        {"id":"c1","choices":[{"index":0,"delta":{"reasoning_content":"Hm."}}]}""", """
                        {"id":"c1","choices":[{"index":0,"delta":{"content":"Hello"},"logprobs":{"content":[{"token":"Hello","logprob":-1}]}}]}""", """
                        {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]}}]}""", """
                        {"id":"c1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"a\\":1}"}}]}}]}""", """
                        {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""", """
                        {"id":"c1","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}}""", "[DONE]")));
    }

    private static FuzzSeeds responses(Dialect dialect) {
        return new FuzzSeeds(
                dialect,
                List.of("gpt-5.1", "gpt-4o"),
                List.of("""
                        {"model":"m","instructions":"Be brief.","input":[{"role":"user","content":[{"type":"input_text",
                        "text":"Hi"},{"type":"input_image","image_url":"data:image/png;base64,aGk="},{"type":"input_file",
                        "filename":"a.pdf","file_data":"data:application/pdf;base64,aGk="}]},{"type":"reasoning","id":
                        "rs_1","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"x"},{"type":
                        "function_call","call_id":"c1","name":"f","arguments":"{}"},{"type":"function_call_output",
                        "call_id":"c1","output":[{"type":"input_text","text":"1"}]},{"type":"message","role":"assistant",
                        "content":[{"type":"output_text","text":"A","annotations":[]}]}],
                        "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":false}],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function",
                        "name":"f"}]},"parallel_tool_calls":true,"max_output_tokens":50,"temperature":1,"top_p":0.5,
                        "top_logprobs":2,"include":["message.output_text.logprobs"],"text":{"format":{"type":"json_schema",
                        "name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},"reasoning":{"effort":
                        "high","summary":"auto"},"stream":true,"store":false,"metadata":{"a":"b"},"user":"u",
                        "service_tier":"flex","truncation":"auto","previous_response_id":null,"background":false}
                        """, """
                        {"model":"m","input":"Hi","tool_choice":"required","text":{"format":{"type":"json_object"}}}
                        """, """
                        {"model":"m","input":[{"type":"message","role":"user","content":"Hi"},{"type":"item_reference",
                        "id":"i"},{"type":"web_search_call","id":"ws_1","status":"completed"}],"tools":[{"type":
                        "web_search"}],"previous_response_id":"resp_0","background":true}
                        """),
                List.of("""
                        {"id":"resp_1","object":"response","created_at":1700000000,"status":"completed","error":null,
                        "incomplete_details":null,"model":"gpt-5.1","output":[{"type":"reasoning","id":"rs_1","summary":
                        [{"type":"summary_text","text":"Hm."}],"encrypted_content":"x"},{"type":"message","id":"msg_1",
                        "status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":
                        [{"type":"url_citation","url":"https://a.example","title":"A","start_index":0,"end_index":2}],
                        "logprobs":[]},{"type":"refusal","refusal":"No."}]},{"type":"function_call","id":"fc_1","call_id":
                        "c1","name":"f","arguments":"{\\"a\\":1}","status":"completed"},{"type":"web_search_call","id":
                        "ws_1","status":"completed"}],"usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":2},
                        "output_tokens":7,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":12}}
                        """, """
                        {"id":"resp_2","object":"response","status":"incomplete","incomplete_details":{"reason":
                        "max_output_tokens"},"output":[{"type":"message","content":[{"type":"output_text","text":"H"}]}]}
                        """),
                List.of(Streamed.lines(dialect, """
                        {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","created_at":1,"model":"m","output":[]}}""", """
                        {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"type":"message","id":"msg_1","content":[]}}""", """
                        {"type":"response.content_part.added","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}""", """
                        {"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hello","logprobs":[]}""", """
                        {"type":"response.output_text.annotation.added","sequence_number":4,"item_id":"msg_1","output_index":0,"content_index":0,"annotation_index":0,"annotation":{"type":"url_citation","url":"https://a.example","title":"A","start_index":0,"end_index":2}}""", """
                        {"type":"response.output_text.done","sequence_number":5,"item_id":"msg_1","output_index":0,"content_index":0,"text":"Hello"}""", """
                        {"type":"response.output_item.done","sequence_number":6,"output_index":0,"item":{"type":"message","id":"msg_1","content":[{"type":"output_text","text":"Hello"}]}}""", """
                        {"type":"response.output_item.added","sequence_number":7,"output_index":1,"item":{"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":""}}""", """
                        {"type":"response.function_call_arguments.delta","sequence_number":8,"item_id":"fc_1","output_index":1,"delta":"{\\"a\\":1}"}""", """
                        {"type":"response.output_item.done","sequence_number":9,"output_index":1,"item":{"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{\\"a\\":1}"}}""", """
                        {"type":"response.completed","sequence_number":10,"response":{"id":"resp_1","status":"completed","model":"m","output":[],"usage":{"input_tokens":5,"output_tokens":7}}}""")));
    }

    private static FuzzSeeds anthropic(Dialect dialect) {
        return new FuzzSeeds(
                dialect,
                List.of("claude-sonnet-4-5", "claude-opus-4-6", "claude-3-5-haiku-latest"),
                List.of("""
                        {"model":"m","max_tokens":2000,"system":[{"type":"text","text":"Be brief.","cache_control":{"type":
                        "ephemeral","ttl":"1h"}}],"messages":[{"role":"user","content":[{"type":"text","text":"Hi"},{"type":
                        "image","source":{"type":"base64","media_type":"image/png","data":"aGk="}},{"type":"document",
                        "source":{"type":"text","media_type":"text/plain","data":"words"},"title":"T","citations":{"enabled":
                        true}}]},{"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":
                        "redacted_thinking","data":"x"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}]},{"role":"user","content":
                        [{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"1"}],"is_error":
                        true}]},{"role":"assistant","content":"A"}],"tools":[{"name":"f","description":"F.","input_schema":
                        {"type":"object","properties":{"a":{"type":"integer"}}}}],"tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},"thinking":
                        {"type":"enabled","budget_tokens":1024},"temperature":0.5,"top_p":0.5,"top_k":5,"metadata":{"user_id":"u"},"service_tier":"auto","stream":true,"output_config":{"effort":
                        "high","format":{"type":"json_schema","schema":{"type":"object"}}}}
                        """, """
                        {"model":"m","max_tokens":5,"system":"Hi","messages":[{"role":"user","content":"Hi"},{"role":"assistant",
                        "content":[{"type":"server_tool_use","id":"srv_1","name":"web_search","input":{}}]}],"tools":
                        [{"type":"web_search_20250305","name":"web_search"}],"stop_sequences":["x"]}
                        """),
                List.of("""
                        {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":
                        "thinking","thinking":"Hm.","signature":"s"},{"type":"text","text":"Hi","citations":[{"type":
                        "char_location","cited_text":"c","document_index":0,"document_title":"T","start_char_index":0,
                        "end_char_index":1}]},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}},{"type":
                        "server_tool_use","id":"srv_1","name":"web_search","input":{"query":"q"}},{"type":
                        "web_search_tool_result","tool_use_id":"srv_1","content":[]}],"stop_reason":"tool_use",
                        "stop_sequence":null,"usage":{"input_tokens":5,"cache_creation_input_tokens":1,
                        "cache_read_input_tokens":2,"output_tokens":7}}
                        """),
                List.of(Streamed.lines(
                        dialect, """
                        {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":5,"output_tokens":1}}}""", """
                        {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""", """
                        {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}""", """
                        {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s"}}""", """
                        {"type":"content_block_stop","index":0}""", """
                        {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""", """
                        {"type":"ping"}""", """
                        {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hello"}}""", """
                        {"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"char_location","cited_text":"c","document_index":0}}}""", """
                        {"type":"content_block_stop","index":1}""", """
                        {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}""", """
                        {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\":1}"}}""", """
                        {"type":"content_block_stop","index":2}""", """
                        {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":7}}""", """
                        {"type":"message_stop"}""")));
    }

    private static FuzzSeeds gemini(Dialect dialect) {
        return new FuzzSeeds(
                dialect,
                List.of("gemini-3-pro-preview", "gemini-2.5-flash"),
                List.of("""
                        {"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":
                        "Hi"},{"inlineData":{"mimeType":"image/png","data":"aGk="}},{"fileData":{"fileUri":
                        "https://a.example/a.pdf","mimeType":"application/pdf"}}]},{"role":"model","parts":[{"text":"Hm.",
                        "thought":true,"thoughtSignature":"s"},{"functionCall":{"name":"f","args":{"a":1}},
                        "thoughtSignature":"t"},{"executableCode":{"language":"PYTHON","code":"1"}}]},{"role":"user","parts":
                        [{"functionResponse":{"name":"f","response":{"result":"1"}}}]}],"tools":[{"functionDeclarations":
                        [{"name":"f","description":"F.","parameters":{"type":"OBJECT","properties":{"a":{"type":"INTEGER",
                        "nullable":true,"format":"int32"}},"required":["a"]}}]}],"toolConfig":
                        {"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"generationConfig":
                        {"temperature":1,"topP":0.5,"topK":5,"maxOutputTokens":50,"candidateCount":1,
                        "seed":7,"responseMimeType":"application/json","responseSchema":{"type":"OBJECT"},
                        "responseLogprobs":true,"logprobs":2,"thinkingConfig":{"thinkingBudget":100,"includeThoughts":
                        true}},"safetySettings":[],"labels":{"a":"b"}}
                        """, """
                        {"contents":{"parts":[{"text":"Hi"}]},"tools":[{"googleSearch":{}}],"generationConfig":
                        {"stopSequences":["x"],"thinkingConfig":{"thinkingLevel":"low"}}}
                        """),
                List.of("""
                        {"candidates":[{"content":{"role":"model","parts":[{"text":"Hm.","thought":true},{"text":"Hi"},
                        {"functionCall":{"id":"c1","name":"f","args":{"a":1}},"thoughtSignature":"t"},{"inlineData":
                        {"mimeType":"image/png","data":"aGk="}}]},"finishReason":"STOP","index":0,"groundingMetadata":
                        {"groundingChunks":[{"web":{"uri":"https://a.example","title":"A"}}],"groundingSupports":
                        [{"segment":{"startIndex":0,"endIndex":2,"text":"Hi"},"groundingChunkIndices":[0]}]},
                        "logprobsResult":{"chosenCandidates":[{"token":"Hi","logProbability":-0.1}]}}],"usageMetadata":
                        {"promptTokenCount":5,"candidatesTokenCount":4,"thoughtsTokenCount":3,"cachedContentTokenCount":2,
                        "totalTokenCount":12},"modelVersion":"gemini-3-pro","responseId":"r1"}
                        """, """
                        {"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":5}}
                        """),
                List.of(Streamed.lines(dialect, """
                        {"candidates":[{"content":{"role":"model","parts":[{"text":"Hm.","thought":true}]},"index":0}],"modelVersion":"m","responseId":"r1"}""", """
                        {"candidates":[{"content":{"parts":[{"text":"Hello"}]},"index":0}],"usageMetadata":{"promptTokenCount":5}}""", """
                        {"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","partialArgs":[{"jsonPath":"$.a[0].b","stringValue":"x","willContinue":true}],"willContinue":true}}]},"index":0}]}""", """
                        {"candidates":[{"content":{"parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a[0].b","stringValue":"y"},{"jsonPath":"$.c","numberValue":1}],"willContinue":true}}]},"index":0}]}""", """
                        {"candidates":[{"content":{"parts":[{"functionCall":{}}]},"index":0}]}""", """
                        {"candidates":[{"content":{"parts":[{"functionCall":{"name":"g","args":{"a":1}}}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":7}}""")));
    }

    private static FuzzSeeds bedrock(Dialect dialect) {
        return new FuzzSeeds(
                dialect,
                List.of("anthropic.claude-sonnet-4-5-20250929-v1:0", "amazon.nova-pro-v1:0", "mistral.mistral-large"),
                List.of("""
                        {"system":[{"text":"Be brief."},{"cachePoint":{"type":"default"}}],"messages":[{"role":"user",
                        "content":[{"text":"Hi"},{"image":{"format":"png","source":{"bytes":"aGk="}}},{"document":{"format":
                        "pdf","name":"a","source":{"bytes":"aGk="}}}]},{"role":"assistant","content":[{"reasoningContent":
                        {"reasoningText":{"text":"Hm.","signature":"s"}}},{"toolUse":{"toolUseId":"t1","name":"f","input":
                        {"a":1}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"t1","content":[{"json":{"a":1}},
                        {"text":"1"}],"status":"error"}}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f","description":
                        "F.","inputSchema":{"json":{"type":"object"}}}}],"toolChoice":{"tool":{"name":"f"}}},
                        "inferenceConfig":{"maxTokens":50,"temperature":0.5,"topP":0.5},
                        "additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024},"top_k":5},
                        "outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":{"schema":
                        "{\\"type\\":\\"object\\"}","name":"n"}}}},"requestMetadata":{"a":"b"},"serviceTier":{"type":
                        "flex"},"guardrailConfig":{"guardrailIdentifier":"g"}}
                        """),
                List.of("""
                        {"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":
                        "Hm.","signature":"s"}}},{"text":"Hi"},{"citationsContent":{"content":[{"text":"c"}],"citations":
                        [{"title":"T","location":{"web":{"url":"https://a.example"}}}]}},{"toolUse":{"toolUseId":"t1","name":
                        "f","input":{"a":1}}}]}},"stopReason":"tool_use","usage":{"inputTokens":5,"outputTokens":7,
                        "totalTokens":12,"cacheReadInputTokens":2,"cacheWriteInputTokens":1},"metrics":{"latencyMs":9}}
                        """),
                List.of(Streamed.lines(dialect, """
                        {"messageStart":{"role":"assistant"}}""", """
                        {"contentBlockDelta":{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Hm."}}}}""", """
                        {"contentBlockDelta":{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"s"}}}}""", """
                        {"contentBlockStop":{"contentBlockIndex":0}}""", """
                        {"contentBlockDelta":{"contentBlockIndex":1,"delta":{"text":"Hello"}}}""", """
                        {"contentBlockDelta":{"contentBlockIndex":1,"delta":{"citation":{"title":"T","location":{"web":{"url":"https://a.example"}}}}}}""", """
                        {"contentBlockStop":{"contentBlockIndex":1}}""", """
                        {"contentBlockStart":{"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"t1","name":"f"}}}}""", """
                        {"contentBlockDelta":{"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\\"a\\":1}"}}}}""", """
                        {"contentBlockStop":{"contentBlockIndex":2}}""", """
                        {"messageStop":{"stopReason":"tool_use"}}""", """
                        {"metadata":{"usage":{"inputTokens":5,"outputTokens":7,"totalTokens":12},"metrics":{"latencyMs":9}}}""")));
    }

    /** Whether its requests name their model; others have it in the address. */
    boolean modelInBody() {
        return dialect != GEMINI.dialect && dialect != BEDROCK.dialect;
    }

    /** Whether its answers have a place of their own for the text of a refusal. */
    boolean marksRefusals() {
        return this == CHAT || this == RESPONSES;
    }

    /**
     * The same with the answers and streams of the corpus, and with recorded ones where they are at hand, if there is time
     * for them: a fuzzer that runs for seconds gets further with what is small.
     */
    static List<FuzzSeeds> corpus() {
        List<RecordedFile> files = FuzzTime.isLong() ? RecordedFile.all() : List.of();
        return ALL.stream().map(seeds -> seeds.with(files)).toList();
    }

    private FuzzSeeds with(List<RecordedFile> files) {
        List<String> moreAnswers = new ArrayList<>(answers);
        List<List<Streamed.Line>> moreStreams = new ArrayList<>(streams);
        for (RecordedFile file : files) {
            if (file.vendor().equals(Optional.of(this))) {
                if (file.stream()) {
                    moreStreams.add(file.frames(dialect));
                } else {
                    moreAnswers.add(file.lines().getFirst());
                }
            }
        }
        return new FuzzSeeds(dialect, models, requests, moreAnswers, moreStreams);
    }

    /** Everything of everybody, to take pieces from. */
    static List<String> texts() {
        return ALL.stream()
                .flatMap(seeds -> List.of(
                                seeds.requests(),
                                seeds.answers(),
                                seeds.streams().stream()
                                        .flatMap(List::stream)
                                        .map(Streamed.Line::json)
                                        .toList())
                        .stream()
                        .flatMap(List::stream))
                .toList();
    }
}
