BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE environment_revisions (
	environment TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	"values" TEXT NOT NULL, 
	checksum TEXT NOT NULL, 
	created_at TEXT, 
	CONSTRAINT pk_environment_revisions PRIMARY KEY (environment, number)
);
INSERT INTO "environment_revisions" VALUES('development',1,'{"generation.temperature":0.3,"inference.device":"cpu"}','sha256:50bf040b62cf23a016ca09c1e3e35840f5a2d73643b94ef18bd10f38519c3908','2026-03-01T12:00:00.123456+00:00');
CREATE TABLE model_versions (
	model_id TEXT NOT NULL, 
	version TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	is_latest BOOLEAN NOT NULL, 
	status TEXT NOT NULL, 
	format TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	artifact TEXT NOT NULL, 
	CONSTRAINT pk_model_versions PRIMARY KEY (model_id, version), 
	CONSTRAINT fk_model_versions_model_id_models FOREIGN KEY(model_id) REFERENCES models (id) ON DELETE CASCADE
);
INSERT INTO "model_versions" VALUES('id-of-tiny','1.0.0',0,0,'registered','safetensors','2026-03-01T12:00:00.123456+00:00','{"path":"/models/tiny","format":"safetensors","files":[["config.json",700],["model.safetensors",4000000]],"size_bytes":4000700,"weights_bytes":3999000,"parameters":1099511627776,"dtypes":{"BF16":900000,"F32":90000},"architecture":"LlamaForCausalLM","task":"text-generation","context_length":2048,"licence":"apache-2.0","checksum":"sha256:abababababababababababababababababababababababababababababababab","warnings":["The tokenizer has no padding token."],"layers":4,"kv_heads":2,"head_dim":64,"header":{"vocabulary":"32,000"}}');
INSERT INTO "model_versions" VALUES('id-of-tiny','2.0.0',1,1,'registered','safetensors','2026-03-01T12:00:00.123456+00:00','{"path":"/models/tiny-2","format":"safetensors","files":[["config.json",700],["model.safetensors",4000000]],"size_bytes":4000700,"weights_bytes":3999000,"parameters":1099511627776,"dtypes":{"BF16":900000,"F32":90000},"architecture":"LlamaForCausalLM","task":"text-generation","context_length":2048,"licence":"apache-2.0","checksum":"sha256:abababababababababababababababababababababababababababababababab","warnings":["The tokenizer has no padding token."],"layers":4,"kv_heads":2,"head_dim":64,"header":{"vocabulary":"32,000"}}');
INSERT INTO "model_versions" VALUES('id-of-odd','1.0.0',0,1,'registered','safetensors','2026-03-01T12:00:00.123456+00:00','{"path":"/models/\udce4-\udcff","format":"safetensors","files":[["config.json",700],["model.safetensors",4000000]],"size_bytes":4000700,"weights_bytes":3999000,"parameters":1099511627776,"dtypes":{"BF16":900000,"F32":90000},"architecture":"LlamaForCausalLM","task":"text-generation","context_length":2048,"licence":"apache-2.0","checksum":"sha256:abababababababababababababababababababababababababababababababab","warnings":["The tokenizer has no padding token."],"layers":4,"kv_heads":2,"head_dim":64,"header":{"vocabulary":"32,000"}}');
CREATE TABLE models (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	name_key TEXT NOT NULL, 
	type TEXT NOT NULL, 
	task TEXT NOT NULL, 
	tags TEXT NOT NULL, 
	search_text TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	updated_at TEXT NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_models PRIMARY KEY (id)
);
INSERT INTO "models" VALUES('id-of-tiny','tiny','tiny','language','','["fast","small"]','tiny
mine.
fast
small
llamaforcausallm
/models/tiny-2','2026-03-01T12:00:00.123456+00:00','2026-03-01T12:00:00.123456+00:00','{"note":"Mine.","licence":"apache-2.0","creator":"","aliases":{"champion":"1.0.0"}}');
INSERT INTO "models" VALUES('id-of-odd','odd','odd','language','','[]','odd

llamaforcausallm
/models/?-?','2026-03-01T12:00:00.123456+00:00','2026-03-01T12:00:00.123456+00:00','{"note":"","licence":"","creator":"","aliases":{}}');
CREATE TABLE runs (
	sequence INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	model_id TEXT NOT NULL, 
	model TEXT NOT NULL, 
	version TEXT NOT NULL, 
	task TEXT NOT NULL, 
	device TEXT NOT NULL, 
	environment TEXT NOT NULL, 
	seed TEXT NOT NULL, 
	state TEXT NOT NULL, 
	cancel_requested BOOLEAN NOT NULL, 
	owner_pid INTEGER NOT NULL, 
	owner_started_at FLOAT NOT NULL, 
	queued_at TEXT NOT NULL, 
	started_at TEXT, 
	finished_at TEXT, 
	time_to_first_token_s FLOAT, 
	tokens_per_second FLOAT, 
	tokens INTEGER NOT NULL, 
	prompt_tokens INTEGER NOT NULL, 
	peak_memory_bytes INTEGER, 
	load_s FLOAT, 
	finish_reason TEXT NOT NULL, 
	params TEXT NOT NULL, 
	inputs TEXT NOT NULL, 
	output TEXT NOT NULL, 
	failure TEXT, 
	CONSTRAINT pk_runs PRIMARY KEY (sequence)
);
INSERT INTO "runs" VALUES(1,'aaaaaaaaaaaa','id-of-tiny','tiny','1.0.0','text-generation','cpu','development','7','succeeded',0,4242,1772000000.25,'2026-03-01T12:00:00.123456+00:00','2026-03-01T12:01:00.123456+00:00','2026-03-01T12:03:00.123456+00:00',0.12,41.25,5,3,536870912,3.1,'stop','{"max_tokens":64,"temperature":0.7}','{"prompt":"Once upon a time"}','{"text":"there was a truth."}',NULL);
INSERT INTO "runs" VALUES(2,'bbbbbbbbbbbb','id-of-tiny','tiny','1.0.0','text-generation','cpu','development','7','failed',0,4242,1772000000.25,'2026-03-01T12:10:00.123456+00:00','2026-03-01T12:11:00.123456+00:00','2026-03-01T12:13:00.123456+00:00',NULL,NULL,0,0,NULL,NULL,'','{"max_tokens":64,"temperature":0.7}','{"prompt":"Once upon a time"}','{}','{"code":"worker_crashed","message":"The worker died.","cause":"Signal 9.","remedy":"Run it again.","details":{"signal":9}}');
INSERT INTO "runs" VALUES(3,'cccccccccccc','id-of-tiny','tiny','1.0.0','text-generation','cpu','development','7','queued',0,4242,1772000000.25,'2026-03-01T12:20:00.123456+00:00',NULL,NULL,NULL,NULL,0,0,NULL,NULL,'','{"max_tokens":64,"temperature":0.7}','{"prompt":"Once upon a time"}','{}',NULL);
CREATE TABLE secrets (
	name TEXT NOT NULL, 
	environment TEXT NOT NULL, 
	store TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	updated_at TEXT NOT NULL, 
	CONSTRAINT pk_secrets PRIMARY KEY (name, environment)
);
INSERT INTO "secrets" VALUES('hub_token','development','keyring','2026-03-01T12:00:00.123456+00:00','2026-03-01T12:00:00.123456+00:00');
CREATE TABLE workers (
	pid INTEGER NOT NULL, 
	started_at FLOAT NOT NULL, 
	owner_pid INTEGER NOT NULL, 
	owner_started_at FLOAT NOT NULL, 
	model_id TEXT NOT NULL, 
	model TEXT NOT NULL, 
	version TEXT NOT NULL, 
	device TEXT NOT NULL, 
	dtype TEXT NOT NULL, 
	load_s FLOAT NOT NULL, 
	loaded_at TEXT NOT NULL, 
	memory_bytes INTEGER NOT NULL, 
	peak_memory_bytes INTEGER NOT NULL, 
	gpu_memory_bytes INTEGER, 
	busy BOOLEAN NOT NULL, 
	CONSTRAINT pk_workers PRIMARY KEY (pid, started_at)
);
INSERT INTO "workers" VALUES(5000,1772000001.5,4242,1772000000.25,'id-of-tiny','tiny','1.0.0','cpu','float32',3.1,'2026-03-01T12:00:00.123456+00:00',419430400,536870912,NULL,0);
CREATE INDEX ix_models_name ON models (name);
CREATE UNIQUE INDEX uq_models_name_key ON models (name_key);
CREATE INDEX ix_model_versions_status ON model_versions (status);
CREATE INDEX ix_runs_model ON runs (model, queued_at);
CREATE INDEX ix_runs_peak ON runs (model_id, version, device, state, peak_memory_bytes);
CREATE INDEX ix_runs_queued_at ON runs (queued_at, sequence);
CREATE INDEX ix_runs_state ON runs (state, queued_at);
CREATE UNIQUE INDEX uq_runs_id ON runs (id);
COMMIT;
