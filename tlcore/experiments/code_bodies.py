"""The Keras code of each experiment, as templates; `code.lesson_code` puts the numbers in and translates the comments.

Names are the lecture's (`rna_base`, `rna`, `train_imagens`). What experiments repeat is in the functions `novo_base`,
`monta_rna`, `treina` and `descongela`, each of them a piece of the lecture's own code.
"""

from __future__ import annotations

from .code_pieces import (
    BASE,
    DATA,
    DENSE,
    FALLING,
    FINE_TUNE,
    FUNCTIONS,
    IMPORTS,
    NETWORK,
    PROBE,
    PROBE_IMPORTS,
    TRAIN_HEAD,
    TRAIN_ON_FEATURES,
)

BODIES = {
    "tensor_counts": IMPORTS
    + BASE
    + NETWORK
    + """
print(len(rna.trainable_weights))  # before
rna_base.trainable = False
print(len(rna.trainable_weights))  # after
rna.summary()
""",
    "same_result": IMPORTS
    + BASE
    + DATA
    + """
# 1. feature extraction: the base runs once over each image
train_features = rna_base.predict(train_imagens).reshape(len(train_imagens), -1)
val_features = rna_base.predict(val_imagens).reshape(len(val_imagens), -1)
"""
    + TRAIN_ON_FEATURES
    + """
# 2. partial training: the base runs over each image in each epoch
"""
    + NETWORK.lstrip("\n")
    + TRAIN_HEAD,
    "three_ways": "import math\n\n"
    + IMPORTS
    + DATA
    + FUNCTIONS
    + FALLING
    + """
# 1. from scratch
rna = monta_rna(nova_base(weights=None))
treina(rna, cai({scratch_rate}, {all_epochs}), {all_epochs})
print(rna.evaluate(test_imagens, test_labels))

# 2. the head alone, on a frozen base
rna_base = nova_base()
rna = monta_rna(rna_base)
rna_base.trainable = False  # freeze, then compile
treina(rna, cai({learning_rate}, {all_epochs}), {all_epochs})
print(rna.evaluate(test_imagens, test_labels))

# 3. the head, then the last block with it
rna_base = nova_base()
rna = monta_rna(rna_base)
rna_base.trainable = False  # freeze, then compile
treina(rna, cai({learning_rate}, {epochs}), {epochs})
descongela(rna_base, {unfreeze_from!r})
treina(rna, cai({fine_tuning_learning_rate}, {fine_tuning_epochs}), {fine_tuning_epochs})
print(rna.evaluate(test_imagens, test_labels))
""",
    "break_it": IMPORTS
    + BASE
    + DATA
    + NETWORK
    + "\n# the right way: freeze, compile, train the head, unfreeze, compile again, train with a small rate"
    + TRAIN_HEAD
    + FINE_TUNE
    + """
# broken ways, each a change of one line:
#   leave out rna_base.trainable = False and what follows the first fit   (everything trainable, untrained head)
#   optimizers.RMSprop({fine_tuning_learning_rate} * 100)                 (rate 100x too large)
#   rna.fit(train_imagens / 255, ...)                                     (not what the base was trained on)
#   leave out the second rna.compile(...)                                 (the unfrozen layers do not learn)
""",
    "generality": PROBE_IMPORTS
    + "\n"
    + IMPORTS
    + BASE
    + DATA
    + """
for layer in rna_base.layers:
    if layer.name not in {probed!r}:
        continue
    rna = models.Model(rna_base.input, layer.output)
    train_features = rna.predict(train_imagens).mean(axis=(1, 2))  # (N, channels)
    test_features = rna.predict(test_imagens).mean(axis=(1, 2))
"""
    + PROBE.format(what="layer.name"),
    "unfreeze_depth": "import math\n\n"
    + IMPORTS
    + DATA
    + FUNCTIONS
    + FALLING
    + """
for primeira in {starts!r}:  # from the last block to the whole base
    rna_base = nova_base()
    rna = monta_rna(rna_base)
    rna_base.trainable = False  # freeze, then compile
    treina(rna, cai({learning_rate}, {epochs}), {epochs})
    descongela(rna_base, primeira)
    treina(rna, cai({fine_tuning_learning_rate}, {fine_tuning_epochs}), {fine_tuning_epochs})
    print(primeira, rna.evaluate(train_imagens, train_labels), rna.evaluate(val_imagens, val_labels),
          rna.evaluate(test_imagens, test_labels))
""",
    "data_efficiency": "import math\n\nimport numpy as np\n"
    + IMPORTS
    + DATA
    + FUNCTIONS
    + FALLING
    + """
for por_classe in (5, 10, 20, 50, 100):
    alguns = np.concatenate([np.flatnonzero(train_labels == classe)[:por_classe] for classe in np.unique(train_labels)])
    imagens, labels = train_imagens[alguns], train_labels[alguns]
    vezes = math.ceil(200 / 32) / math.ceil(2 * por_classe / 32)  # as many steps with few images as with many
    epochs, sintonia = math.ceil(vezes * {epochs}), math.ceil(vezes * {fine_tuning_epochs})

    rna = monta_rna(nova_base(weights=None))  # from scratch
    treina(rna, cai({scratch_rate}, epochs + sintonia, imagens), epochs + sintonia, imagens, labels)
    print(por_classe, rna.evaluate(test_imagens, test_labels))

    rna_base = nova_base()
    rna = monta_rna(rna_base)
    rna_base.trainable = False  # freeze, then compile
    treina(rna, cai({learning_rate}, epochs, imagens), epochs, imagens, labels)
    descongela(rna_base, {unfreeze_from!r})
    treina(rna, cai({fine_tuning_learning_rate}, sintonia, imagens), sintonia, imagens, labels)
    print(por_classe, rna.evaluate(test_imagens, test_labels))
""",
    "learning_rates": IMPORTS
    + DATA
    + FUNCTIONS
    + """
for taxa in (1e-6, 1e-5, 1e-4, 1e-3, 1e-2):
    rna_base = nova_base()
    rna = monta_rna(rna_base)
    rna_base.trainable = False  # freeze, then compile
    treina(rna, {learning_rate}, {epochs})
    descongela(rna_base, {unfreeze_from!r})
    treina(rna, taxa, {fine_tuning_epochs})
    print(taxa, rna.evaluate(test_imagens, test_labels))
""",
    "regularisation": IMPORTS
    + BASE
    + DATA
    + DENSE
    + """
for unidades in (16, 64, 256, 1024):
    for dropout in (0.0, 0.25, 0.5, 0.75):
        densa = models.Sequential()
        densa.add(layers.Dense(unidades, activation='relu'))
        densa.add(layers.Dropout(dropout))
        densa.add(layers.Dense({outputs}, activation={activation!r}))
        densa.compile(optimizer=optimizers.RMSprop({learning_rate}), loss={loss!r}, metrics=['accuracy'])
        densa.fit(train_features, train_labels, epochs={epochs}, batch_size=32, verbose=0)
        train_loss, train_acc = densa.evaluate(train_features, train_labels, verbose=0)  # without dropout
        val_loss, val_acc = densa.evaluate(val_features, val_labels, verbose=0)
        print(unidades, dropout, train_acc - val_acc)
""",
    "which_base": PROBE_IMPORTS
    + "\n"
    + IMPORTS.replace("from keras import layers, models, optimizers\n", "")
    + DATA
    + """
for nome, weights in {bases!r}.items():
    rna_base = tlcore.build_base(nome, weights=weights, include_top=False, input_shape=({image_size}, {image_size}, 3))
    train_features = rna_base.predict(train_imagens).mean(axis=(1, 2))  # (N, channels)
    test_features = rna_base.predict(test_imagens).mean(axis=(1, 2))
"""
    + PROBE.format(what="nome, rna_base.count_params()"),
    "zero_training": IMPORTS
    + BASE
    + DATA
    + """
# the same base with its own classifier: its classes, before any training
completa = tlcore.build_base({base!r}, weights={weights!r}, include_top=True,
                             input_shape=({image_size}, {image_size}, 3))
for prediction in tlcore.predict(completa, test_imagens[0], top=5):
    print(prediction.class_name, prediction.probability)

# against a head that is trained on the features
"""
    + DENSE.lstrip("\n")
    + TRAIN_ON_FEATURES
    + """\
print(densa.evaluate(test_features, test_labels))
""",
    "shortcuts": "import math\n\nimport numpy as np\n"
    + IMPORTS
    + DATA
    + FUNCTIONS
    + FALLING
    + """
rna_base = nova_base()
rna = monta_rna(rna_base)
rna_base.trainable = False  # freeze, then compile
treina(rna, cai({learning_rate}, {epochs}), {epochs})
descongela(rna_base, {unfreeze_from!r})
treina(rna, cai({fine_tuning_learning_rate}, {fine_tuning_epochs}), {fine_tuning_epochs})

cor = train_imagens.mean(axis=(0, 1, 2)).astype('uint8')
caixas = {boxes}  # where the thing is: top, left, bottom, right as shares of the sides
sem_coisa, sem_fundo = test_imagens.copy(), np.full_like(test_imagens, cor)
for i, (topo, esquerda, baixo, direita) in enumerate(np.rint(caixas * {image_size}).astype(int)):
    sem_coisa[i, topo:baixo, esquerda:direita] = cor
    sem_fundo[i, topo:baixo, esquerda:direita] = test_imagens[i, topo:baixo, esquerda:direita]
for imagens in (test_imagens, sem_coisa, sem_fundo):  # nothing covered, thing covered, background covered
    print(rna.evaluate(imagens, test_labels))
""",
    "dense_layers": """\
# with its own dense layers a VGG16 takes images of one size only
from keras.applications import VGG16

rna_base = VGG16(weights=None, include_top=False)  # without them, of any size
grande = VGG16(weights=None, include_top=True, input_shape=(224, 224, 3))
pequena = VGG16(weights=None, include_top=True, input_shape=(150, 150, 3))
print(grande.get_layer('fc1').kernel.shape, pequena.get_layer('fc1').kernel.shape)  # (25088, 4096) (8192, 4096)
pequena.set_weights(grande.get_weights())  # ValueError: the shapes differ
""",
}
