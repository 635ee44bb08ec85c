<?php
// Reads contact files with sabre/vobject: a card in base64 on each line of input, on each line of output its
// properties as JSON: name, types, parts of the value.
require 'Sabre/VObject/autoload.php';

while (($line = fgets(STDIN)) !== false) {
    $rows = [];
    foreach (Sabre\VObject\Reader::read(base64_decode($line))->children as $property) {
        $types = [];
        foreach ($property->parameters as $parameter) {
            if ($parameter->name === 'TYPE') {
                $types = array_merge($types, explode(',', $parameter->value));
            }
        }
        $parts = $property instanceof Sabre\VObject\Property\Compound ? $property->getParts() : [$property->value];
        $rows[] = [$property->name, $types, $parts];
    }
    echo json_encode($rows, JSON_THROW_ON_ERROR), "\n";
}
