/* The sampler in C; serbench/worker/sampler.py describes the interface, python_sampler.py does the same in Python.

   Between two readings of the clock lie the call, by vectorcall, and the release of its result. Everything else a loop
   has to do waits until a stretch of calls is over. The loops allocate nothing and leave the collector as it is. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define CALLS_PER_STRETCH 64
#define NS_PER_STRETCH 500000
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

typedef struct {
    PyTypeObject *chain_type;
    PyObject *nothing; /* a Python function that does nothing, see breathe() */
} State;

static State *
state_of(PyObject *module)
{
    return PyModule_GetState(module);
}

/* ----------------------------------------------------------------------------------------------------- the clock --- */

/* The clock of time.perf_counter_ns. A reading is made ns by in_ns(), which can wait until after the timed region. */
#if defined(__linux__)
typedef struct timespec Reading;

static inline void
read_clock(Reading *reading)
{
    clock_gettime(CLOCK_MONOTONIC, reading);
}

static inline int64_t
in_ns(const Reading *reading)
{
    return (int64_t)reading->tv_sec * 1000000000 + reading->tv_nsec;
}
#else
typedef int64_t Reading;

static inline void
read_clock(Reading *reading)
{
#if PY_VERSION_HEX >= 0x030D0000
    PyTime_t ns;
    (void)PyTime_PerfCounterRaw(&ns);
    *reading = ns;
#else
    *reading = _PyTime_GetPerfCounter();
#endif
}

static inline int64_t
in_ns(const Reading *reading)
{
    return *reading;
}
#endif

static inline int64_t
now(void)
{
    Reading reading;
    read_clock(&reading);
    return in_ns(&reading);
}

/* ----------------------------------------------------------------------------------------------- forked children --- */

/* A codec may fork inside a timed call and return in the child as well, which would then go on calling and fork again
   at every call. This is how many forks lie between this process and the one that loaded the module: a loop that finds
   it changed is in a child that nobody asked for. It is static because a fork handler is given nothing. */
static volatile unsigned forks = 0;
static pthread_once_t watch_once = PTHREAD_ONCE_INIT;

static void
in_child(void)
{
    forks++;
}

static void
watch_forks(void)
{
    pthread_atfork(NULL, NULL, in_child);
}

/* ----------------------------------------------------------------------------------------------------- the loops --- */

/* How often the system took the CPU from this thread, as a pair with the number of calls; returns the pairs so far. */
static inline Py_ssize_t
mark(int64_t *marks, Py_ssize_t pairs, Py_ssize_t made)
{
#ifdef RUSAGE_THREAD
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    marks[2 * pairs] = made;
    marks[2 * pairs + 1] = usage.ru_nivcsw;
    return pairs + 1;
#else
    (void)marks, (void)made;
    return pairs;
#endif
}

/* What is called, and the way into it, which is looked up before anything is timed. */
typedef struct {
    PyObject *callable;
    vectorcallfunc enter;
    PyObject *nothing; /* a Python function that does nothing, see breathe() */
    unsigned forks;    /* at the start, see end_in_child() */
#if PY_VERSION_HEX >= 0x030D0000
    PyThreadState *thread;
    uintptr_t quiet; /* what the thread's eval_breaker is while nothing is asked of the interpreter */
#endif
} Call;

static Call
prepare(PyObject *callable, PyObject *nothing)
{
    vectorcallfunc enter = PyVectorcall_Function(callable);
    Call call = {.callable = callable, .nothing = nothing, .forks = forks};
    call.enter = enter == NULL ? PyObject_Vectorcall : enter;
#if PY_VERSION_HEX >= 0x030D0000
    call.thread = PyThreadState_Get();
#endif
    return call;
}

/* In a child that was forked since the start: the end, whatever the call returned or raised. */
static inline void
end_in_child(const Call *call)
{
    if (UNLIKELY(forks != call->forks)) {
        _exit(0);
    }
}

/* Before every stretch. What the interpreter does between two steps of a Python loop: it handles signals and pending
   calls, and lets other threads have the GIL if they ask for it. No function of the C API does all of that
   (PyErr_CheckSignals does the signals, and releasing the GIL unasked would be system calls and the loss of a CPU that
   Python code does not suffer). The interpreter does it whenever it enters a Python function, so one is called. */
static inline int
breathe(Call *call)
{
    PyObject *result = PyObject_CallNoArgs(call->nothing);
    end_in_child(call);
    if (UNLIKELY(result == NULL)) {
        return -1;
    }
    Py_DECREF(result);
#if PY_VERSION_HEX >= 0x030D0000
    call->quiet = call->thread->eval_breaker;
#endif
    return 0;
}

/* Since 3.12 an allocation only asks for a collection, and the interpreter runs it after the call that allocated. So it
   belongs to that call's time; left to the end of a stretch it would be in no sample. PyErr_CheckSignals runs it if it
   is due; since 3.13 a look is enough to see whether anything is. Before 3.12 the allocation has run it itself. */
static inline int
collect_if_due(const Call *call)
{
#if PY_VERSION_HEX >= 0x030D0000
    return UNLIKELY(*(volatile uintptr_t *)&call->thread->eval_breaker != call->quiet) ? PyErr_CheckSignals() : 0;
#elif PY_VERSION_HEX >= 0x030C0000
    (void)call;
    return PyErr_CheckSignals();
#else
    (void)call;
    return 0;
#endif
}

/* What is timed: one call and the release of its result, which a collection sees alive, as it would in Python code.
   Returns -1 if it raised. */
static inline int
call_once(const Call *call, PyObject *argument)
{
    PyObject *slots[2] = {NULL, argument};
    PyObject *result = call->enter(call->callable, slots + 1, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    if (UNLIKELY(result == NULL)) {
        return -1;
    }
    int failed = collect_if_due(call);
    Py_DECREF(result);
    return failed;
}

/* The end of the stretch that begins after so many calls. */
static inline Py_ssize_t
stretch_end(Py_ssize_t made, Py_ssize_t count)
{
    return count - made < CALLS_PER_STRETCH ? count : made + CALLS_PER_STRETCH;
}

/* Calls that are not timed one by one; returns -1 if one raised. */
static int
call_all(Call call, PyObject *arguments)
{
    Py_ssize_t count = PyTuple_GET_SIZE(arguments);
    for (Py_ssize_t made = 0; made < count;) {
        if (UNLIKELY(breathe(&call) < 0)) {
            return -1;
        }
        for (Py_ssize_t until = stretch_end(made, count); made < until; made++) {
            int failed = call_once(&call, PyTuple_GET_ITEM(arguments, made));
            end_in_child(&call);
            if (UNLIKELY(failed)) {
                return -1;
            }
        }
    }
    return 0;
}

/* Times calls one by one; returns the number of pairs in marks, or -1 if a call raised. */
static Py_ssize_t
time_all(Call call, PyObject *arguments, int64_t *times, int64_t *marks)
{
    Py_ssize_t count = PyTuple_GET_SIZE(arguments);
    Py_ssize_t pairs = mark(marks, 0, 0);
    for (Py_ssize_t made = 0; made < count;) {
        if (UNLIKELY(breathe(&call) < 0)) {
            return -1;
        }
        Py_ssize_t until = stretch_end(made, count);
        int64_t since = now();
        do {
            Reading start, end;
            PyObject *argument = PyTuple_GET_ITEM(arguments, made);
            read_clock(&start);
            int failed = call_once(&call, argument);
            read_clock(&end);
            end_in_child(&call);
            if (UNLIKELY(failed)) {
                return -1;
            }
            times[2 * made] = in_ns(&start);
            times[2 * made + 1] = in_ns(&end);
            made++;
        } while (made < until && times[2 * made - 1] - since < NS_PER_STRETCH);
        pairs = mark(marks, pairs, made);
    }
    return pairs;
}

/* Calls until both minima or the limit are reached; returns how many were made, or -1 if one raised. */
static Py_ssize_t
lead_all(Call call, PyObject *arguments, long long at_least_ns, long long at_least_calls, long long limit_ns)
{
    Py_ssize_t count = PyTuple_GET_SIZE(arguments);
    Py_ssize_t made = 0;
    for (int64_t start = now(); made < count; made++) {
        if (made % CALLS_PER_STRETCH == 0 && UNLIKELY(breathe(&call) < 0)) {
            return -1;
        }
        int64_t passed = now() - start;
        if (passed >= limit_ns || (made >= at_least_calls && passed >= at_least_ns)) {
            break;
        }
        int failed = call_once(&call, PyTuple_GET_ITEM(arguments, made));
        end_in_child(&call);
        if (UNLIKELY(failed)) {
            return -1;
        }
    }
    return made;
}

/* ----------------------------------------------------------------------------------------------------- arguments --- */

/* The arguments as a tuple, which no callee can change; a new reference. */
static PyObject *
as_tuple(PyObject *arguments)
{
    PyObject *tuple = PySequence_Tuple(arguments);
    if (tuple != NULL && tuple != arguments) {
        PyObject_GC_UnTrack(tuple); /* a collection inside a timed call shall not have to walk through our own copy */
    }
    return tuple;
}

/* The buffer that is to be filled; refuses any that is not writable, contiguous and of signed 8-byte integers. */
static int
get_int64s(const char *name, PyObject *object, Py_buffer *view)
{
    if (PyObject_GetBuffer(object, view, PyBUF_FULL_RO) < 0) {
        return -1;
    }
    const char *format = view->format == NULL ? "B" : view->format;
    int aligned = view->len == 0 || (uintptr_t)view->buf % sizeof(int64_t) == 0; /* an array of none lies anywhere */
    if (view->readonly) {
        PyErr_Format(PyExc_ValueError, "%s is read-only", name);
    }
    else if (view->ndim != 1 || view->itemsize != 8 || !PyBuffer_IsContiguous(view, 'C') ||
             (strcmp(format, "q") != 0 && strcmp(format, "l") != 0) || !aligned) {
        PyErr_Format(PyExc_ValueError, "%s is no contiguous buffer of signed 8-byte integers", name);
    }
    else {
        return 0;
    }
    PyBuffer_Release(view);
    return -1;
}

static Py_ssize_t
room(const Py_buffer *view)
{
    return view->len / (Py_ssize_t)sizeof(int64_t);
}

static int
check_room(Py_ssize_t count, const Py_buffer *times, const Py_buffer *marks)
{
    if (room(times) != 2 * count) {
        PyErr_Format(PyExc_ValueError, "times has room for %zd integers instead of %zd", room(times), 2 * count);
        return -1;
    }
    if (room(marks) < 2 * (count + 1)) {
        PyErr_Format(PyExc_ValueError, "marks has room for %zd integers instead of at least %zd", room(marks),
                     2 * (count + 1));
        return -1;
    }
    return 0;
}

/* ----------------------------------------------------------------------------------------------------- functions --- */

static PyObject *
singles(PyObject *module, PyObject *args)
{
    PyObject *call, *arguments, *times_object, *marks_object;
    if (!PyArg_ParseTuple(args, "OOOO:singles", &call, &arguments, &times_object, &marks_object)) {
        return NULL;
    }
    Py_buffer times, marks;
    Py_ssize_t pairs = -1;
    PyObject *tuple = as_tuple(arguments);
    if (tuple == NULL) {
        return NULL;
    }
    if (get_int64s("times", times_object, &times) == 0) {
        if (get_int64s("marks", marks_object, &marks) == 0) {
            if (check_room(PyTuple_GET_SIZE(tuple), &times, &marks) == 0) {
                pairs = time_all(prepare(call, state_of(module)->nothing), tuple, times.buf, marks.buf);
            }
            PyBuffer_Release(&marks);
        }
        PyBuffer_Release(&times);
    }
    Py_DECREF(tuple);
    return pairs < 0 ? NULL : PyLong_FromSsize_t(pairs);
}

static PyObject *
batch(PyObject *module, PyObject *args)
{
    PyObject *call, *arguments;
    if (!PyArg_ParseTuple(args, "OO:batch", &call, &arguments)) {
        return NULL;
    }
    PyObject *tuple = as_tuple(arguments);
    if (tuple == NULL) {
        return NULL;
    }
    Call prepared = prepare(call, state_of(module)->nothing);
    int64_t start = now();
    int failed = call_all(prepared, tuple);
    int64_t end = now();
    Py_DECREF(tuple);
    return failed ? NULL : PyLong_FromLongLong(end - start);
}

static PyObject *
lead_in(PyObject *module, PyObject *args)
{
    PyObject *call, *arguments;
    long long at_least_ns, at_least_calls, limit_ns;
    if (!PyArg_ParseTuple(args, "OOLLL:lead_in", &call, &arguments, &at_least_ns, &at_least_calls,
                          &limit_ns)) {
        return NULL;
    }
    PyObject *tuple = as_tuple(arguments);
    if (tuple == NULL) {
        return NULL;
    }
    Py_ssize_t made = lead_all(prepare(call, state_of(module)->nothing), tuple, at_least_ns, at_least_calls, limit_ns);
    Py_DECREF(tuple);
    return made < 0 ? NULL : PyLong_FromSsize_t(made);
}

static PyObject *
readings(PyObject *Py_UNUSED(module), PyObject *times_object)
{
    Py_buffer times;
    if (get_int64s("times", times_object, &times) < 0) {
        return NULL;
    }
    int64_t *filled = times.buf;
    for (Py_ssize_t at = 0; at < room(&times); at++) {
        filled[at] = now();
    }
    PyBuffer_Release(&times);
    Py_RETURN_NONE;
}

/* -------------------------------------------------------------------------------------------------------- chains --- */

/* Two steps as one callable: an operation of two is timed with no frame of its own. */
typedef struct {
    PyObject_HEAD
    vectorcallfunc vectorcall;
    PyObject *first;
    PyObject *second;
} Chain;

static PyObject *
chain_call(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *names)
{
    if (UNLIKELY(PyVectorcall_NARGS(nargsf) != 1 || (names != NULL && PyTuple_GET_SIZE(names) != 0))) {
        PyErr_SetString(PyExc_TypeError, "a chain takes exactly one argument, by position");
        return NULL;
    }
    Chain *chain = (Chain *)self;
    PyObject *slots[2] = {NULL, PyObject_Vectorcall(chain->first, args, nargsf, NULL)};
    if (UNLIKELY(slots[1] == NULL)) {
        return NULL;
    }
    PyObject *between = slots[1];
    PyObject *result = PyObject_Vectorcall(chain->second, slots + 1, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    Py_DECREF(between);
    return result;
}

static int
chain_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((Chain *)self)->first);
    Py_VISIT(((Chain *)self)->second);
    return 0;
}

static int
chain_clear(PyObject *self)
{
    Py_CLEAR(((Chain *)self)->first);
    Py_CLEAR(((Chain *)self)->second);
    return 0;
}

static void
chain_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    (void)chain_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMemberDef chain_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Chain, vectorcall), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot chain_slots[] = {
    {Py_tp_call, PyVectorcall_Call}, {Py_tp_traverse, chain_traverse}, {Py_tp_clear, chain_clear},
    {Py_tp_dealloc, chain_dealloc},  {Py_tp_members, chain_members},   {0, NULL},
};

static PyType_Spec chain_spec = {
    .name = "serbench.worker._sampler.Chain",
    .basicsize = sizeof(Chain),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION |
             Py_TPFLAGS_IMMUTABLETYPE,
    .slots = chain_slots,
};

static PyObject *
chain(PyObject *module, PyObject *args)
{
    PyObject *first, *second;
    if (!PyArg_ParseTuple(args, "OO:chain", &first, &second)) {
        return NULL;
    }
    PyTypeObject *type = state_of(module)->chain_type;
    Chain *made = (Chain *)type->tp_alloc(type, 0);
    if (made != NULL) {
        made->vectorcall = chain_call;
        made->first = Py_NewRef(first);
        made->second = Py_NewRef(second);
    }
    return (PyObject *)made;
}

/* ---------------------------------------------------------------------------------------------------- the module --- */

static int
module_exec(PyObject *module)
{
    State *state = state_of(module);
    pthread_once(&watch_once, watch_forks);
    state->chain_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &chain_spec, NULL);
    if (state->chain_type == NULL) {
        return -1;
    }
    PyObject *names = Py_BuildValue("{s:O}", "__builtins__", PyEval_GetBuiltins());
    if (names == NULL) {
        return -1;
    }
    state->nothing = PyRun_String("lambda: None", Py_eval_input, names, names);
    Py_DECREF(names);
    return state->nothing == NULL ? -1 : PyModule_AddStringConstant(module, "NAME", "native");
}

static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(state_of(module)->chain_type);
    Py_VISIT(state_of(module)->nothing);
    return 0;
}

static int
module_clear(PyObject *module)
{
    Py_CLEAR(state_of(module)->chain_type);
    Py_CLEAR(state_of(module)->nothing);
    return 0;
}

static void
module_free(void *module)
{
    (void)module_clear(module);
}

static PyMethodDef module_methods[] = {
    {"chain", chain, METH_VARARGS, PyDoc_STR("chain(first, second, /): two steps as one callable of one argument.")},
    {"singles", singles, METH_VARARGS, PyDoc_STR("singles(call, arguments, times, marks, /): times calls one by one.")},
    {"batch", batch, METH_VARARGS, PyDoc_STR("batch(call, arguments, /): times calls as a whole.")},
    {"lead_in", lead_in, METH_VARARGS,
     PyDoc_STR("lead_in(call, arguments, at_least_ns, at_least_calls, limit_ns, /): calls that are no samples.")},
    {"readings", readings, METH_O, PyDoc_STR("readings(times, /): readings of the clock, taken back to back.")},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef module_def = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "serbench.worker._sampler",
    .m_doc = PyDoc_STR("The sampler in C; see serbench.worker.sampler."),
    .m_size = sizeof(State),
    .m_methods = module_methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC
PyInit__sampler(void)
{
    return PyModuleDef_Init(&module_def);
}
